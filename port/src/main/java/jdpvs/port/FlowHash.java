package jdpvs.port;

import jdpvs.wire.Ip;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/**
 * The hash by which a port with several queues steers frames that are not for a local address: the same in both directions of a flow, and the same
 * here as in the program that an AF_PACKET port gives to the kernel, so that a worker can tell to whom a flow's packets go.
 *
 * <pre>
 *  h = a · 0x1e3779b1 + x · 0x5bd1e995      64 bits; all fields as they lie in the packet, read in machine order
 *      a = source ^ destination, of IPv6 their 32-bit words likewise
 *      x = source port ^ destination port | identification of a fragment | 0 for other packets
 *  queue = (h[32..63] ^ h[48..63]) mod queues
 * </pre>
 */
public final class FlowHash {
    public static final int ADDRESS_MULTIPLIER = 0x1e3779b1;
    public static final int DETAIL_MULTIPLIER = 0x5bd1e995;

    private FlowHash() {}

    /**
     * The queue of an unfragmented TCP or UDP packet.
     *
     * @param ip address of its IP header
     * @param transport address of its ports
     */
    public static int ofFlow(long ip, long transport, int queues) {
        return queue(ip, Memory.getShort(transport) ^ Memory.getShort(transport + 2), queues);
    }

    /** The queue of a fragment of IPv4: all of a datagram go to one. */
    public static int ofFragment(long ip, int queues) {
        return queue(ip, Memory.getShort(ip + 4), queues);
    }

    /**
     * Likewise of IPv6.
     *
     * @param fragmentHeader its address
     */
    public static int ofFragment(long ip, long fragmentHeader, int queues) {
        return queue(ip, Integer.toUnsignedLong(Memory.getInt(fragmentHeader + 4)), queues);
    }

    /** The queue of any other IP packet. */
    public static int ofAddresses(long ip, int queues) {
        return queue(ip, 0, queues);
    }

    private static int queue(long ip, long detail, int queues) {
        int addresses = Ip.isIpv6(ip) ? words(ip + Ipv6.SOURCE) : Memory.getInt(ip + 12) ^ Memory.getInt(ip + 16);
        long hash = Integer.toUnsignedLong(addresses) * ADDRESS_MULTIPLIER + detail * DETAIL_MULTIPLIER;
        int high = (int) (hash >>> 32);
        return Integer.remainderUnsigned(high ^ high >>> 16, queues);
    }

    private static int words(long addresses) {
        long longs = Memory.getLong(addresses)
                ^ Memory.getLong(addresses + 8)
                ^ Memory.getLong(addresses + 16)
                ^ Memory.getLong(addresses + 24);
        return (int) (longs ^ longs >>> 32);
    }
}

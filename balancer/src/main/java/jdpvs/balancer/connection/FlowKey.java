package jdpvs.balancer.connection;

import jdpvs.wire.FrameKind;
import jdpvs.wire.Memory;

/**
 * What names one direction of a flow: 16 bytes as two {@code long}s, taken from the packet as they lie there, so that no byte is swapped on the
 * way of a packet.
 *
 * <pre>
 *  addresses   IPv4: bits 0-31 source address, 32-63 destination address   (eight bytes of the header, wire order)
 *              IPv6: a keyed hash of both, see {@link AddressHash}
 *  ports       bits  0-15 source port, 16-31 destination port         (four bytes of the transport header, wire order)
 *              bits 32-59 0 in a key; the connection's number in an entry
 *              bit  60    family: 0 = IPv4, 1 = IPv6
 *              bit  61    0 in a key; in an entry: the direction, 1 = from the server
 *              bit  62    protocol: 0 = TCP, 1 = UDP
 *              bit  63    1; tells an entry from an empty place
 * </pre>
 *
 * Of IPv6 a key is not its addresses: whoever takes a hit compares them in the connection's record.
 */
public final class FlowKey {
    static final long USED = 1L << 63;
    static final long UDP = 1L << 62;
    static final long OUTBOUND = 1L << 61;

    static final long IPV6 = 1L << 60;
    /** The bits of an entry's second word that belong to its key. */
    static final long KEY_BITS = USED | UDP | IPV6 | 0xffff_ffffL;

    private FlowKey() {}

    /** Of IPv4, from ints in network meaning. */
    public static long addresses(int source, int destination) {
        return Integer.toUnsignedLong(Integer.reverseBytes(source)) | (long) Integer.reverseBytes(destination) << 32;
    }

    /** Of IPv4. */
    public static long ports(boolean udp, int sourcePort, int destinationPort) {
        return ports(udp, false, sourcePort, destinationPort);
    }

    public static long ports(boolean udp, boolean ipv6, int sourcePort, int destinationPort) {
        return ofWire(udp, ipv6, Integer.reverseBytes(sourcePort << 16 | destinationPort));
    }

    /** @param ports source and destination as they lie in a packet */
    static long ofWire(boolean udp, boolean ipv6, int ports) {
        return Integer.toUnsignedLong(ports) | (udp ? USED | UDP : USED) | (ipv6 ? IPV6 : 0);
    }

    /** The ports of what answers packets with these. */
    public static long answering(long ports) {
        return Integer.toUnsignedLong(Integer.rotateLeft((int) ports, 16)) | ports >>> 32 << 32;
    }

    /** From a packet of IPv4. */
    public static long addressesAt(long ip) {
        return Memory.getLong(ip + 12);
    }

    /**
     * From a packet.
     *
     * @param kind of a flow: {@link FrameKind#TCP4} (0) to {@link FrameKind#UDP6} (3)
     */
    public static long portsAt(long transport, int kind) {
        return Integer.toUnsignedLong(Memory.getInt(transport))
                | USED
                | (long) (kind & 1) << 62
                | (long) (kind & 2) << 59;
    }

    public static int source(long addresses) {
        return Integer.reverseBytes((int) addresses);
    }

    public static int destination(long addresses) {
        return Integer.reverseBytes((int) (addresses >>> 32));
    }

    public static int sourcePort(long ports) {
        return Integer.reverseBytes((int) ports) >>> 16;
    }

    public static int destinationPort(long ports) {
        return Integer.reverseBytes((int) ports) & 0xffff;
    }

    public static boolean isIpv6(long ports) {
        return (ports & IPV6) != 0;
    }

    public static boolean isUdp(long ports) {
        return (ports & UDP) != 0;
    }
}

package jdpvs.port.bond;

import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/** What of a frame decides which slave sends it: frames that are alike in it keep their order. Names as {@code dpip link set DEV bond-xmit-policy} has them. */
public enum TransmitPolicy {
    /** MAC addresses and Ethernet type. */
    LAYER2,
    /** MAC and IP addresses. */
    LAYER23,
    /** IP addresses and the ports of TCP and UDP; fragments, which have none, by their addresses. */
    LAYER34;

    private static final int TAG = 4;
    private static final int MULTIPLIER = 0x9e37_79b1;

    /**
     * @param length of the frame, from its Ethernet header on
     * @return 0 … {@code slaves} − 1
     */
    int choose(long frame, int length, int slaves) {
        int mixed = hash(frame, length) * MULTIPLIER;
        return Integer.remainderUnsigned(mixed ^ mixed >>> 15, slaves);
    }

    private int hash(long frame, int length) {
        int type = Memory.getShortNet(frame + 12);
        long ip = frame + Ethernet.LENGTH;
        long end = frame + length;
        if (type == Ethernet.TYPE_VLAN && length >= Ethernet.LENGTH + TAG) {
            type = Memory.getShortNet(ip + 2);
            ip += TAG;
        }
        boolean ipv4 = type == Ethernet.TYPE_IPV4 && ip + Ipv4.MINIMUM_LENGTH <= end;
        boolean ipv6 = type == Ethernet.TYPE_IPV6 && ip + Ipv6.LENGTH <= end;
        if (this == LAYER2 || (!ipv4 && !ipv6)) {
            return macs(frame) ^ type;
        }
        int addresses = ipv4
                ? Memory.getInt(ip + 12) ^ Memory.getInt(ip + 16)
                : words(ip + Ipv6.SOURCE) ^ words(ip + Ipv6.DESTINATION);
        if (this == LAYER23) {
            return addresses ^ macs(frame);
        }
        return addresses ^ (ipv4 ? ports4(ip, end) : ports6(ip, end));
    }

    private static int macs(long frame) {
        return Memory.getInt(frame) ^ Memory.getInt(frame + 4) ^ Memory.getInt(frame + 8);
    }

    private static int words(long address) {
        long longs = Memory.getLong(address) ^ Memory.getLong(address + 8);
        return (int) (longs ^ longs >>> 32);
    }

    private static int ports4(long ip, long end) {
        int protocol = Ipv4.protocol(ip);
        return (protocol == Ipv4.TCP || protocol == Ipv4.UDP) && !Ipv4.isFragment(ip)
                ? ports(ip + Ipv4.headerLength(ip), end)
                : 0;
    }

    private static int ports6(long ip, long end) {
        int header = Ipv6.nextHeader(ip);
        return header == Ipv4.TCP || header == Ipv4.UDP ? ports(ip + Ipv6.LENGTH, end) : 0;
    }

    /** Both directions of a flow alike. */
    private static int ports(long transport, long end) {
        return transport + 4 > end ? 0 : Memory.getShort(transport) ^ Memory.getShort(transport + 2);
    }
}

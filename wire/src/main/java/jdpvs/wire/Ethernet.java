package jdpvs.wire;

/**
 * An Ethernet II header at a native address (IEEE 802.3). A MAC address is a {@code long} of 48 bits, first octet most significant.
 *
 * <pre>
 *  0                 6                 12        14
 *  +-----------------+-----------------+---------+
 *  | destination     | source          | type    |
 *  +-----------------+-----------------+---------+
 * </pre>
 */
public final class Ethernet {
    public static final int LENGTH = 14;
    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_VLAN = 0x8100;
    public static final int TYPE_IPV6 = 0x86dd;
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private Ethernet() {}

    public static long destination(long frame) {
        return Long.reverseBytes(Memory.getLong(frame)) >>> 16;
    }

    public static long source(long frame) {
        return Long.reverseBytes(Memory.getLong(frame + 6)) >>> 16;
    }

    public static int type(long frame) {
        return Memory.getShortNet(frame + 12);
    }

    public static void setAddresses(long frame, long destination, long source) {
        Memory.putIntNet(frame, (int) (destination >>> 16));
        Memory.putShortNet(frame + 4, (int) destination & 0xffff);
        Memory.putShortNet(frame + 6, (int) (source >>> 32));
        Memory.putIntNet(frame + 8, (int) source);
    }

    public static void set(long frame, long destination, long source, int type) {
        setAddresses(frame, destination, source);
        Memory.putShortNet(frame + 12, type);
    }

    /** Broadcast or multicast: the group bit of the first octet. */
    public static boolean isGroup(long mac) {
        return (mac >>> 40 & 1) != 0;
    }

    /** Whether it can be one station's own: not zero, no group. */
    public static boolean isStation(long mac) {
        return mac != 0 && !isGroup(mac);
    }
}

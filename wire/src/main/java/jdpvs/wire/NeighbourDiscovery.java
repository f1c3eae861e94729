package jdpvs.wire;

/**
 * Neighbour solicitations and advertisements at a native address (RFC 4861 §4.3, §4.4): ICMPv6 of one layout.
 *
 * <pre>
 *  0 type 135 or 136 | 1 code 0 | 2 checksum | 4 flags (advertisements: R S O) | 8 target (16) | 24 options …
 *  option: 0 type (1 source, 2 target link-layer address) | 1 length in units of 8 bytes | 2 MAC address (6)
 * </pre>
 */
public final class NeighbourDiscovery {
    public static final int LENGTH = 24;
    /** With one link-layer address. */
    public static final int LENGTH_WITH_OPTION = 32;
    /** Every message of this protocol has it: who is further away than the link cannot (RFC 4861 §7.1). */
    public static final int HOP_LIMIT = 255;

    public static final int TARGET = 8;
    public static final int SOURCE_LINK_ADDRESS = 1;
    public static final int TARGET_LINK_ADDRESS = 2;

    public static final int ROUTER = 0x8000_0000;
    public static final int SOLICITED = 0x4000_0000;
    public static final int OVERRIDE = 0x2000_0000;

    /** All nodes on the link, {@code ff02::1}. */
    public static final Address ALL_NODES = new Address(0xff02_0000_0000_0000L, 1);

    private static final long SOLICITED_NODE_HIGH = 0xff02_0000_0000_0000L;
    private static final long SOLICITED_NODE_LOW = 0x1_ff00_0000L;

    private NeighbourDiscovery() {}

    /** Whether a message of ICMPv6 belongs to this protocol, router discovery and redirects included (RFC 4861 §4). */
    public static boolean isMessage(int type) {
        return type >= Icmp6.ROUTER_SOLICITATION && type <= Icmp6.REDIRECT;
    }

    /** The group that owners of an address listen to, {@code ff02::1:ffxx:xxxx} (RFC 4291 §2.7.1). */
    public static Address solicitedNode(long low) {
        return new Address(SOLICITED_NODE_HIGH, SOLICITED_NODE_LOW | (low & 0xff_ffff));
    }

    /** Whether an address is such a group. */
    public static boolean isSolicitedNode(long high, long low) {
        return high == SOLICITED_NODE_HIGH && low >>> 24 == SOLICITED_NODE_LOW >>> 24;
    }

    /** The Ethernet address of an IPv6 group (RFC 2464 §7). */
    public static long groupMac(long low) {
        return 0x3333_0000_0000L | (low & 0xffff_ffffL);
    }

    /** What any message must be before it is believed (RFC 4861 §7.1.1, §7.1.2), its checksum apart; the options fit too. */
    public static boolean isPlausible(long ip, long icmp, int length) {
        if (Ipv6.hopLimit(ip) != HOP_LIMIT
                || Icmp6.code(icmp) != 0
                || length < LENGTH
                || Ipv6.isMulticast(Ipv6.high(icmp + TARGET))) {
            return false;
        }
        long end = icmp + length;
        long at = icmp + LENGTH;
        while (at < end) {
            int units = at + 2 > end ? 0 : Memory.getByte(at + 1);
            if (units == 0 || at + units * 8L > end) {
                return false;
            }
            at += units * 8L;
        }
        return true;
    }

    /**
     * A link-layer address among the options of a {@link #isPlausible plausible} message.
     *
     * @return the MAC address, or -1
     */
    public static long linkAddress(long icmp, int length, int type) {
        long end = icmp + length;
        for (long at = icmp + LENGTH; at < end; at += Memory.getByte(at + 1) * 8L) {
            if (Memory.getByte(at) == type) {
                return Long.reverseBytes(Memory.getLong(at)) & 0xffff_ffff_ffffL;
            }
        }
        return -1;
    }

    /**
     * Writes a message with one link-layer address, checksum included; the IPv6 header in front of it is there.
     *
     * @param flags of an advertisement
     * @param macAddress -1 for none: the message is {@link #LENGTH} bytes long then
     */
    public static void write(
            long ip, long icmp, int type, int flags, long targetHigh, long targetLow, long macAddress) {
        Icmp6.setTypeAndCode(icmp, type, 0);
        Icmp6.setChecksum(icmp, 0);
        Memory.putIntNet(icmp + 4, flags);
        Ipv6.setAddress(icmp + TARGET, targetHigh, targetLow);
        int length = LENGTH;
        if (macAddress != -1) {
            int option = type == Icmp6.NEIGHBOUR_SOLICITATION ? SOURCE_LINK_ADDRESS : TARGET_LINK_ADDRESS;
            Memory.putShortNet(icmp + LENGTH, option << 8 | 1);
            Memory.putShortNet(icmp + LENGTH + 2, (int) (macAddress >>> 32));
            Memory.putIntNet(icmp + LENGTH + 4, (int) macAddress);
            length = LENGTH_WITH_OPTION;
        }
        Icmp6.setChecksum(icmp, Checksum.complement(Icmp6.sum(ip, icmp, length)));
    }
}

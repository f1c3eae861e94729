package jdpvs.wire;

/**
 * The packet that an ICMPv6 error quotes (RFC 4443 §3), and how much of it is there: {@link IcmpQuote} for IPv6. The message's header is followed by as much of the packet
 * as fits the minimum MTU.
 */
public final class Icmp6Quote {
    private static final int LENGTH_FIELD = 4;

    private Icmp6Quote() {}

    /** Whether messages of this type quote a packet whose sender is to be told (RFC 4443 §2.1). */
    public static boolean isQuoting(int type) {
        return type >= Icmp6.UNREACHABLE && type <= Icmp6.PARAMETER_PROBLEM;
    }

    /** The quoted IPv6 header. */
    public static long ip(long icmp) {
        return icmp + Icmp6.LENGTH;
    }

    /**
     * Looks at a quote; reads nothing outside the message.
     *
     * @param length of the message, at least {@link Icmp6#LENGTH}
     * @return {@link ExtensionHeaders}' word: the quoted transport header and its offset from the quoted IPv6 header, {@link IcmpQuote#TRANSPORT_BYTES} of it are there; or
     *     {@link IcmpQuote#NONE}
     */
    public static int walk(long icmp, int length) {
        int end = end(icmp, length);
        long ip = ip(icmp);
        if (end < Icmp6.LENGTH + Ipv6.LENGTH + IcmpQuote.TRANSPORT_BYTES || Ipv6.version(ip) != 6) {
            return IcmpQuote.NONE;
        }
        int walked = ExtensionHeaders.walk(ip, icmp + end);
        if (walked != ExtensionHeaders.REFUSED && ExtensionHeaders.header(walked) == Ipv6.FRAGMENT) {
            walked = behindFragmentHeader(ip, walked, icmp + end);
        }
        boolean whole = walked != ExtensionHeaders.REFUSED
                && ip + ExtensionHeaders.offset(walked) + IcmpQuote.TRANSPORT_BYTES <= icmp + end;
        return whole ? walked : IcmpQuote.NONE;
    }

    /**
     * Bytes of the quoted transport header and payload that are there, extensions and padding not counted.
     *
     * @param walked from {@link #walk}
     */
    public static int transportBytes(long icmp, int length, int walked) {
        int packetEnd = Icmp6.LENGTH + Ipv6.totalLength(ip(icmp));
        return Math.min(end(icmp, length), packetEnd) - Icmp6.LENGTH - ExtensionHeaders.offset(walked);
    }

    private static int behindFragmentHeader(long ip, int walked, long end) {
        int offset = ExtensionHeaders.offset(walked);
        long fragment = ip + offset;
        boolean first =
                fragment + Ipv6.FRAGMENT_LENGTH <= end && (Memory.getShortNet(fragment + 2) & Ipv6.OFFSET_MASK) == 0;
        return first ? (offset + Ipv6.FRAGMENT_LENGTH) << 8 | Memory.getByte(fragment) : ExtensionHeaders.REFUSED;
    }

    /** Where the quote ends, from the message's start: RFC 4884 §4.4 and §4.5 let unreachable and time exceeded state it in units of 8 bytes. */
    private static int end(long icmp, int length) {
        int type = Icmp6.type(icmp);
        boolean states = type == Icmp6.UNREACHABLE || type == Icmp6.TIME_EXCEEDED;
        int stated = states ? Memory.getByte(icmp + LENGTH_FIELD) << 3 : 0;
        return stated == 0 ? length : Math.min(length, Icmp6.LENGTH + stated);
    }
}

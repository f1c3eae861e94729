package jdpvs.wire;

/**
 * The packet that an ICMP error quotes (RFC 792), and how much of it is there.
 *
 * <pre>
 *  ICMP header (8)   | IP header of the quoted packet (20 to 60) | 8 or more bytes of its transport header | … | extensions (RFC 4884)
 *  byte 5: length of the quote in 32-bit words when extensions follow, else 0
 * </pre>
 */
public final class IcmpQuote {
    /** Not a quote that names a flow: too short, malformed, or of a fragment other than the first. */
    public static final int NONE = -1;

    /** What every error quotes of the transport header: the ports, and the sequence number or the UDP length and checksum. */
    public static final int TRANSPORT_BYTES = 8;

    private static final int LENGTH_FIELD = 5;

    private IcmpQuote() {}

    /** Whether messages of this type quote a packet whose sender is to be told; a redirect is for the first hop alone. */
    public static boolean isQuoting(int type) {
        return type == Icmp.UNREACHABLE
                || type == Icmp.SOURCE_QUENCH
                || type == Icmp.TIME_EXCEEDED
                || type == Icmp.PARAMETER_PROBLEM;
    }

    /** The quoted IP header. */
    public static long ip(long icmp) {
        return icmp + Icmp.LENGTH;
    }

    /**
     * Looks at a quote; reads nothing outside the message. The quoted header's checksum is not looked at, for routers quote packets in the
     * middle of their work.
     *
     * @param length of the message, at least {@link Icmp#LENGTH}
     * @return the offset of the quoted transport header from the message's start, of which {@link #TRANSPORT_BYTES} are there; or {@link #NONE}
     */
    public static int transportOffset(long icmp, int length) {
        int end = end(icmp, length);
        if (end < Icmp.LENGTH + Ipv4.MINIMUM_LENGTH + TRANSPORT_BYTES) {
            return NONE;
        }
        long ip = ip(icmp);
        int headerLength = Ipv4.headerLength(ip);
        if (Ipv4.version(ip) != 4
                || headerLength < Ipv4.MINIMUM_LENGTH
                || Icmp.LENGTH + headerLength + TRANSPORT_BYTES > end
                || Ipv4.totalLength(ip) < headerLength + TRANSPORT_BYTES
                || (Ipv4.flagsAndOffset(ip) & Ipv4.OFFSET_MASK) != 0) {
            return NONE;
        }
        return Icmp.LENGTH + headerLength;
    }

    /**
     * Bytes of the quoted transport header and payload that are there, extensions and padding not counted.
     *
     * @param transportOffset from {@link #transportOffset}
     */
    public static int transportBytes(long icmp, int length, int transportOffset) {
        int packetEnd = Icmp.LENGTH + Ipv4.totalLength(ip(icmp));
        return Math.min(end(icmp, length), packetEnd) - transportOffset;
    }

    /** Length of the quote as the message states it, in bytes; 0 when it goes to the message's end (RFC 4884 §3). */
    public static int statedLength(long icmp) {
        // Of source quench the whole word is unused.
        return Icmp.type(icmp) == Icmp.SOURCE_QUENCH ? 0 : Memory.getByte(icmp + LENGTH_FIELD) << 2;
    }

    /** Where the quote ends, from the message's start. */
    private static int end(long icmp, int length) {
        int stated = statedLength(icmp);
        return stated == 0 ? length : Math.min(length, Icmp.LENGTH + stated);
    }
}

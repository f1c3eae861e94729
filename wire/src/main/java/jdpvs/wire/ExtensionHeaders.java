package jdpvs.wire;

/**
 * The way over IPv6 extension headers to the transport header (RFC 8200 §4): bounded, reads nothing beyond the packet. The result is an {@code int}: the header found
 * in the low 8 bits, its offset from the IPv6 header above them; negative when the headers are refused.
 *
 * <p>Refused are headers that do not fit the packet, more than {@value #MOST} of them, hop-by-hop options anywhere but in the first place (RFC 8200 §4.1), and a routing header
 * that is not at its end: type 0 is forbidden (RFC 5095), and none asks a balancer to pass a packet on.
 */
public final class ExtensionHeaders {
    /** More than RFC 8200 §4.1 lets a sender use. */
    public static final int MOST = 8;

    public static final int REFUSED = -1;

    private static final int OPTIONS_UNIT = 8;
    private static final int AUTHENTICATION_UNIT = 4;

    private ExtensionHeaders() {}

    /**
     * Walks as far as the first header that is none of hop-by-hop options, routing, destination options and authentication; so a fragment header ends the walk.
     *
     * @param ip address of the IPv6 header
     * @param end behind the last byte that may be read
     */
    public static int walk(long ip, long end) {
        int header = Ipv6.nextHeader(ip);
        long at = ip + Ipv6.LENGTH;
        for (int count = 0; isExtension(header); count++) {
            if (count == MOST || at + OPTIONS_UNIT > end || (header == Ipv6.HOP_BY_HOP && count > 0)) {
                return REFUSED;
            }
            if (header == Ipv6.ROUTING && Memory.getByte(at + 3) != 0) {
                return REFUSED;
            }
            int units = Memory.getByte(at + 1);
            int length = header == Ipv6.AUTHENTICATION ? (units + 2) * AUTHENTICATION_UNIT : (units + 1) * OPTIONS_UNIT;
            if (at + length > end) {
                return REFUSED;
            }
            header = Memory.getByte(at);
            at += length;
        }
        return (int) (at - ip) << 8 | header;
    }

    /** The header that {@link #walk} ended at. */
    public static int header(int walked) {
        return walked & 0xff;
    }

    /** Its offset from the IPv6 header. */
    public static int offset(int walked) {
        return walked >>> 8;
    }

    private static boolean isExtension(int header) {
        return header == Ipv6.HOP_BY_HOP
                || header == Ipv6.ROUTING
                || header == Ipv6.DESTINATION_OPTIONS
                || header == Ipv6.AUTHENTICATION;
    }
}

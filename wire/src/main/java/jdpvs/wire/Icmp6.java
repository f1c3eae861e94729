package jdpvs.wire;

/**
 * An ICMPv6 message at a native address (RFC 4443 §2.1). Its checksum covers a pseudo header of the IPv6 addresses.
 *
 * <pre>
 *  0 type | 1 code | 2 checksum | 4 rest of header: MTU, pointer, identifier and sequence (echo) or unused | 8 data …
 * </pre>
 */
public final class Icmp6 {
    public static final int LENGTH = 8;
    public static final int CHECKSUM_OFFSET = 2;

    public static final int UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int ROUTER_SOLICITATION = 133;
    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int NEIGHBOUR_SOLICITATION = 135;
    public static final int NEIGHBOUR_ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;

    /** Codes of {@link #UNREACHABLE}. */
    public static final int NO_ROUTE = 0;

    public static final int PROHIBITED = 1;
    public static final int BEYOND_SCOPE = 2;
    public static final int ADDRESS = 3;
    public static final int PORT = 4;

    /** Codes of {@link #PARAMETER_PROBLEM}. */
    public static final int ERRONEOUS_FIELD = 0;

    public static final int UNKNOWN_NEXT_HEADER = 1;

    private Icmp6() {}

    public static int type(long icmp) {
        return Memory.getByte(icmp);
    }

    public static int code(long icmp) {
        return Memory.getByte(icmp + 1);
    }

    public static void setTypeAndCode(long icmp, int type, int code) {
        Memory.putShortNet(icmp, type << 8 | code);
    }

    public static int checksum(long icmp) {
        return Memory.getShortNet(icmp + CHECKSUM_OFFSET);
    }

    public static void setChecksum(long icmp, int value) {
        Memory.putShortNet(icmp + CHECKSUM_OFFSET, value);
    }

    /** MTU of packet too big, pointer of parameter problem. */
    public static int parameter(long icmp) {
        return Memory.getIntNet(icmp + 4);
    }

    public static void setParameter(long icmp, int value) {
        Memory.putIntNet(icmp + 4, value);
    }

    /** Whether a message of this type reports a problem with another packet, so that nothing may be reported about it (RFC 4443 §2.4 (e.1)). */
    public static boolean isError(int type) {
        return type < ECHO_REQUEST || type == REDIRECT;
    }

    /** The sum over pseudo header and message that a good checksum makes 0xffff, and that {@code ~sum} makes good when the field is 0. */
    public static int sum(long ip, long icmp, int length) {
        return Checksum.add(pseudoHeader(ip, length, Ipv6.ICMP), Checksum.sum(icmp, length));
    }

    /** RFC 8200 §8.1. */
    public static int pseudoHeader(long ip, int length, int protocol) {
        return Checksum.add(Checksum.sum(ip + Ipv6.SOURCE, 32), Checksum.add(length, protocol));
    }
}

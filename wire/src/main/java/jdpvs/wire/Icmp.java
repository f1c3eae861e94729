package jdpvs.wire;

/**
 * An ICMP message at a native address (RFC 792).
 *
 * <pre>
 *  0 type | 1 code | 2 checksum | 4 rest of header: identifier, sequence (echo) or unused, next-hop MTU (RFC 1191) | 8 data …
 * </pre>
 */
public final class Icmp {
    public static final int LENGTH = 8;
    public static final int CHECKSUM_OFFSET = 2;

    public static final int ECHO_REPLY = 0;
    public static final int UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    /** Codes of {@link #UNREACHABLE}. */
    public static final int NET = 0;

    public static final int HOST = 1;
    public static final int PORT = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int SOURCE_ROUTE_FAILED = 5;

    private Icmp() {}

    public static int type(long icmp) {
        return Memory.getByte(icmp);
    }

    public static void setType(long icmp, int type) {
        Memory.putByte(icmp, type);
    }

    public static int code(long icmp) {
        return Memory.getByte(icmp + 1);
    }

    public static int checksum(long icmp) {
        return Memory.getShortNet(icmp + CHECKSUM_OFFSET);
    }

    public static void setChecksum(long icmp, int value) {
        Memory.putShortNet(icmp + CHECKSUM_OFFSET, value);
    }

    /** Of an echo message. */
    public static int identifier(long icmp) {
        return Memory.getShortNet(icmp + 4);
    }

    public static int sequence(long icmp) {
        return Memory.getShortNet(icmp + 6);
    }

    /** Of {@link #UNREACHABLE} with {@link #FRAGMENTATION_NEEDED} (RFC 1191 §4). */
    public static int nextHopMtu(long icmp) {
        return Memory.getShortNet(icmp + 6);
    }

    public static void setNextHopMtu(long icmp, int bytes) {
        Memory.putShortNet(icmp + 6, bytes);
    }

    /** Whether a message of this type reports a problem with another packet, so that nothing may be reported about it (RFC 1122 §3.2.2). */
    public static boolean isError(int type) {
        return type == UNREACHABLE
                || type == SOURCE_QUENCH
                || type == REDIRECT
                || type == TIME_EXCEEDED
                || type == PARAMETER_PROBLEM;
    }
}

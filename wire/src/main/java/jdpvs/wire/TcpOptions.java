package jdpvs.wire;

/**
 * The options of a TCP header at a native address (RFC 9293 §3.2), between byte 20 and the header's end.
 *
 * <pre>
 *  kind 0 = end of list | kind 1 = no operation | kind, length (both included), data …
 * </pre>
 *
 * Nothing is read behind the header's end whatever the options claim; a malformed option ends the walk.
 */
public final class TcpOptions {
    public static final int END = 0;
    public static final int NO_OPERATION = 1;
    /** Data: maximum segment size, 2 bytes. */
    public static final int MAXIMUM_SEGMENT_SIZE = 2;
    /** Data: shift, 1 byte. */
    public static final int WINDOW_SCALE = 3;

    public static final int SACK_PERMITTED = 4;
    /** Data: left and right edges, 4 bytes each. */
    public static final int SACK = 5;
    /** Data: value and echo, 4 bytes each. */
    public static final int TIMESTAMPS = 8;
    /** TOA: port, 2 bytes, and client address, 4 or 16 bytes (facts: behaviour §5.1). */
    public static final int CLIENT_ADDRESS = 254;

    private TcpOptions() {}

    /**
     * The first option of a kind.
     *
     * @param tcp a header whose length has been checked
     * @return the address of the option's kind byte, its length byte and data inside the header; 0 when there is none
     */
    public static long find(long tcp, int kind) {
        long end = tcp + Tcp.headerLength(tcp);
        for (long at = first(tcp); at != 0; at = next(at, end)) {
            if (Memory.getByte(at) == kind) {
                return at;
            }
        }
        return 0;
    }

    /** The first option's address, no-operations included, or 0. */
    public static long first(long tcp) {
        return checked(tcp + Tcp.MINIMUM_LENGTH, tcp + Tcp.headerLength(tcp));
    }

    /** The address of the option after this one, or 0 at the end of the list or before a malformed option. */
    public static long next(long option, long end) {
        return checked(option + length(option), end);
    }

    /** Bytes of an option that {@link #first}, {@link #next} or {@link #find} returned, kind and length included. */
    public static int length(long option) {
        return Memory.getByte(option) == NO_OPERATION ? 1 : Memory.getByte(option + 1);
    }

    private static long checked(long at, long end) {
        if (at >= end) {
            return 0;
        }
        int kind = Memory.getByte(at);
        if (kind == END) {
            return 0;
        }
        if (kind == NO_OPERATION) {
            return at;
        }
        if (at + 2 > end) {
            return 0;
        }
        int length = Memory.getByte(at + 1);
        return length < 2 || at + length > end ? 0 : at;
    }
}

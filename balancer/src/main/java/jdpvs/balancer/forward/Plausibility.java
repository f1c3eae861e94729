package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.TcpState;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;

/**
 * Which flags of a segment may change a connection's state. Whoever knows addresses and ports can send a segment in a client's name; only an end of the
 * connection knows the numbers (RFC 5961). A segment that does not convince is forwarded all the same: its receiver decides for itself.
 *
 * <ul>
 *   <li>A half-open connection is established by the client alone, acknowledging the server's SYN.
 *   <li>A reset, and a client's FIN, must carry a sequence number near to what the other end has last acknowledged. The window scale is not known here, so
 *       "near" is the largest window in common use.
 * </ul>
 */
final class Plausibility {
    /** What may be on its way unacknowledged; one blind guess in 256 hits it. */
    private static final int WINDOW = 1 << 24;

    /** A segment that was overtaken by later ones. */
    private static final int LATE = 1 << 16;

    /** What the client may acknowledge beyond the server's SYN when it speaks for the first time (RFC 7413: data may follow a SYN at once). */
    private static final int FIRST_FLIGHT = 1 << 16;

    private static final int HALF_OPEN = TcpState.SYN_RECEIVED.ordinal();

    private Plausibility() {}

    /**
     * The flags that {@link TcpState#next} is to see.
     *
     * @param tcp as it came, before anything is noted or rewritten
     */
    static int believed(long record, boolean outbound, long tcp) {
        int flags = Tcp.flags(tcp);
        if (Connection.state(record) == HALF_OPEN) {
            boolean decides = (flags & (Tcp.SYN | Tcp.RST)) != 0;
            return decides || (!outbound && answersServer(record, tcp, flags)) ? flags : 0;
        }
        boolean ends = (flags & Tcp.RST) != 0 || (!outbound && (flags & Tcp.FIN) != 0);
        return ends && !isNear(record, outbound, tcp) ? 0 : flags;
    }

    private static boolean answersServer(long record, long tcp, int flags) {
        if ((flags & Tcp.ACK) == 0 || (Connection.flags(record) & Connection.CLIENT_ADDRESS_DUE) == 0) {
            return false;
        }
        int ahead = Tcp.acknowledgement(tcp) - Memory.getInt(record + Connection.LAST_ACKNOWLEDGEMENT);
        return ahead >= 0 && ahead <= FIRST_FLIGHT;
    }

    private static boolean isNear(long record, boolean outbound, long tcp) {
        long line = outbound ? record + Connection.OUT : record;
        long other = outbound ? record : record + Connection.OUT;
        int sequence = Tcp.sequence(tcp) + Memory.getInt(line + Connection.SEQUENCE_DELTA);
        int ahead = sequence - Memory.getInt(other + Connection.LAST_ACKNOWLEDGEMENT);
        return ahead >= -LATE && ahead < WINDOW;
    }
}

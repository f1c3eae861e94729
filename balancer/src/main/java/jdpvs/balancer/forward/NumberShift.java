package jdpvs.balancer.forward;

import java.nio.ByteOrder;
import jdpvs.balancer.connection.Connection;
import jdpvs.wire.Checksum;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.TcpOptions;

/**
 * Moves the numbers in a TCP header by a connection line's constants: sequence, acknowledgement, the edges of selective acknowledgements (RFC 2018 §3), the
 * client's timestamps and their echoes (RFC 7323 §3.2). What {@link Numbering} has decided for the connection holds for each of its packets, resets among
 * them.
 *
 * <p>The usual header, with no options or with timestamps alone behind two no-operations (RFC 7323 appendix A), is done without looking further.
 */
final class NumberShift {
    private static final int TIMESTAMPS_LENGTH = 10;

    /** NOP, NOP, timestamps of 10 bytes, as {@link Memory#getInt} sees it. */
    private static final int USUAL = machine(0x0101_080a);

    private static final int USUAL_WORDS = 8;

    private NumberShift() {}

    /** @return what the sum under a full checksum gains (machine order, not folded, not negative); a partial one does not mind */
    static long apply(long tcp, long line, boolean outbound) {
        boolean acknowledges = (Tcp.flags(tcp) & Tcp.ACK) != 0;
        long change = move(tcp + 4, Memory.getInt(line + Connection.SEQUENCE_DELTA));
        int acknowledgementShift = acknowledges ? Memory.getInt(line + Connection.ACKNOWLEDGEMENT_DELTA) : 0;
        change += move(tcp + 8, acknowledgementShift);
        int words = Memory.getByte(tcp + 12) >>> 4;
        if (words == Tcp.MINIMUM_LENGTH / 4) {
            return change;
        }
        if (words == USUAL_WORDS && Memory.getInt(tcp + Tcp.MINIMUM_LENGTH) == USUAL) {
            return change + stamps(tcp + Tcp.MINIMUM_LENGTH + 2, line, outbound, acknowledges);
        }
        return change + options(tcp, line, outbound, acknowledges);
    }

    /** Any layout, walked. */
    private static long options(long tcp, long line, boolean outbound, boolean acknowledges) {
        int edgeShift = Memory.getInt(line + Connection.ACKNOWLEDGEMENT_DELTA);
        long end = tcp + Tcp.headerLength(tcp);
        long change = 0;
        for (long at = TcpOptions.first(tcp); at != 0; at = TcpOptions.next(at, end)) {
            int kind = Memory.getByte(at);
            int length = TcpOptions.length(at);
            if (kind == TcpOptions.TIMESTAMPS && length == TIMESTAMPS_LENGTH) {
                change += aligned(at, tcp, stamps(at, line, outbound, acknowledges));
            } else if (kind == TcpOptions.SACK && edgeShift != 0) {
                long edges = 0;
                for (int i = 2; i + 8 <= length; i += 8) {
                    edges += move(at + i, edgeShift) + move(at + i + 4, edgeShift);
                }
                change += aligned(at, tcp, edges);
            }
        }
        return change;
    }

    /** A client's value, or a server's echo of one; an echo means nothing without ACK, and 0 says that there is none. */
    private static long stamps(long option, long line, boolean outbound, boolean acknowledges) {
        int shift = Memory.getInt(line + Connection.TIMESTAMP_DELTA);
        if (!outbound) {
            return move(option + 2, shift);
        }
        boolean echoes = acknowledges && Memory.getInt(option + 6) != 0;
        return move(option + 6, echoes ? shift : 0);
    }

    private static long move(long field, int shift) {
        int before = Memory.getInt(field);
        int now = machine(machine(before) + shift);
        Memory.putInt(field, now);
        return Rewrite.change(before, now);
    }

    /** A change of fields inside an option: at an odd offset their bytes lie in the other halves of the words that are summed (RFC 1071 §2). */
    private static long aligned(long option, long tcp, long change) {
        if ((option - tcp & 1) == 0) {
            return change;
        }
        int folded = Checksum.fold(change);
        return Short.toUnsignedLong(Short.reverseBytes((short) folded));
    }

    private static int machine(int network) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? network : Integer.reverseBytes(network);
    }
}

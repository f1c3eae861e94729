package jdpvs.balancer.forward;

import jdpvs.wire.Checksum;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.TcpOptions;
import jdpvs.wire.VirtioNetHeader;

/**
 * Makes harmless what a client could forge: a server believes the client-address option (kind 254) because the packet comes from a local address of the
 * balancer, so no option of that kind may pass but ours. A client's own is overwritten with no-operations. Whatever stands behind the end of the list or from
 * a malformed option on is overwritten with zeros, for a parser less careful than ours might go on there.
 */
final class OptionGuard {
    private OptionGuard() {}

    /**
     * Overwrites all options of a kind.
     *
     * @return whether there was anything to overwrite
     */
    static boolean blank(long frame, long tcp, int kind) {
        int bytes = Tcp.headerLength(tcp) - Tcp.MINIMUM_LENGTH;
        if (bytes == 0) {
            return false;
        }
        long options = tcp + Tcp.MINIMUM_LENGTH;
        int before = Checksum.sum(options, bytes);
        long end = options + bytes;
        long rest = options;
        boolean changed = false;
        for (long at = TcpOptions.first(tcp); at != 0; at = TcpOptions.next(at, end)) {
            int length = TcpOptions.length(at);
            rest = at + length;
            if (Memory.getByte(at) == kind) {
                for (long each = at; each < rest; each++) {
                    Memory.putByte(each, TcpOptions.NO_OPERATION);
                }
                // The walk goes on from its first byte, which says now that the next option is the byte behind.
                changed = true;
            }
        }
        for (; rest < end; rest++) {
            changed |= Memory.getByte(rest) != TcpOptions.END;
            Memory.putByte(rest, TcpOptions.END);
        }
        if (changed && !VirtioNetHeader.needsChecksum(frame)) {
            int after = Checksum.sum(options, bytes);
            Checksum.apply(tcp + Tcp.CHECKSUM_OFFSET, Checksum.add(after, Checksum.complement(before)));
        }
        return changed;
    }
}

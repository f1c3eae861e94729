package jdpvs.stack.fragment;

import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;

/** IPv4 options in fragments (RFC 791 §3.1): those with the copied flag stand in all of them, the others in the first alone. */
final class IpOptions {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int COPIED = 0x80;

    private IpOptions() {}

    /**
     * Writes the header length and the copied options of a header into that of a fragment, whose fixed part is there already. Options behind a malformed one
     * are left out.
     *
     * @return the fragment's header length in bytes
     */
    static int copied(long from, long to, int headerLength) {
        int length = Ipv4.MINIMUM_LENGTH;
        for (int at = Ipv4.MINIMUM_LENGTH; at < headerLength; ) {
            int kind = Memory.getByte(from + at);
            if (kind == END) {
                break;
            }
            if (kind == NO_OPERATION) {
                at++;
                continue;
            }
            int bytes = at + 1 < headerLength ? Memory.getByte(from + at + 1) : 0;
            if (bytes < 2 || at + bytes > headerLength) {
                break;
            }
            if ((kind & COPIED) != 0) {
                Memory.copy(from + at, to + length, bytes);
                length += bytes;
            }
            at += bytes;
        }
        while ((length & 3) != 0) {
            Memory.putByte(to + length++, END);
        }
        Memory.putByte(to, 0x40 | length >>> 2);
        return length;
    }
}

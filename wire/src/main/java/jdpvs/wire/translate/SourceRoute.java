package jdpvs.wire.translate;

import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;

/**
 * Source route options of IPv4 (RFC 791 §3.1), which IPv6 has no form for.
 *
 * <pre>
 *  +--------------------------+--------+---------+---------------+
 *  | 131 loose, or 137 strict | length | pointer | addresses …   |     pointer: where the next address begins, counted from 1
 *  +--------------------------+--------+---------+---------------+
 * </pre>
 */
public final class SourceRoute {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE = 131;
    private static final int STRICT = 137;

    private SourceRoute() {}

    /**
     * Whether a packet still has a way to go that its sender has chosen, so that it must not be translated (RFC 7915 §4.1). The walk ends at a malformed option.
     *
     * @param ip address of an IPv4 header whose length has been checked
     */
    public static boolean isUnexpired(long ip) {
        long end = ip + Ipv4.headerLength(ip);
        for (long at = ip + Ipv4.MINIMUM_LENGTH; at < end; ) {
            int kind = Memory.getByte(at);
            if (kind == END) {
                return false;
            }
            if (kind == NO_OPERATION) {
                at++;
                continue;
            }
            int length = at + 1 < end ? Memory.getByte(at + 1) : 0;
            if (length < 2 || at + length > end) {
                return false;
            }
            if ((kind == LOOSE || kind == STRICT) && length > 2 && Memory.getByte(at + 2) <= length) {
                return true;
            }
            at += length;
        }
        return false;
    }
}

package jdpvs.wire.slow;

import jdpvs.wire.Ethernet;
import jdpvs.wire.Memory;

/**
 * A frame of a slow protocol (IEEE 802.3 annex 57A) at a native address. Bridges do not forward it: it ends at the other end of the link.
 *
 * <pre>
 *  0                 6              12      14        15
 *  +-----------------+--------------+-------+---------+----------------
 *  | destination     | source       | type  | subtype | version, TLVs …
 *  +-----------------+--------------+-------+---------+----------------
 *  01:80:c2:00:00:02   the port's    0x8809   1 LACP, 2 marker, 10 organisation's …
 * </pre>
 */
public final class SlowProtocol {
    public static final long DESTINATION = 0x0180_c200_0002L;
    public static final int TYPE = 0x8809;
    public static final int SUBTYPE_LACP = 1;
    public static final int SUBTYPE_MARKER = 2;

    /** Behind the Ethernet header, of either subtype; what follows (padding, a later version's TLVs) is not looked at. */
    public static final int PDU_LENGTH = 110;

    /** A whole frame of either subtype without its check sequence. */
    public static final int FRAME_LENGTH = Ethernet.LENGTH + PDU_LENGTH;

    private SlowProtocol() {}

    /** Whether the frame is of a slow protocol, untagged, and long enough to say which: then {@link #subtype} may be asked. */
    public static boolean is(long frame, int length) {
        return length > Ethernet.LENGTH && Ethernet.type(frame) == TYPE && Ethernet.destination(frame) == DESTINATION;
    }

    public static int subtype(long frame) {
        return Memory.getByte(frame + Ethernet.LENGTH);
    }

    /** Writes the header and zeroes behind it, {@link #FRAME_LENGTH} in all. */
    static void begin(long frame, long source, int subtype, int version) {
        Ethernet.set(frame, DESTINATION, source, TYPE);
        Memory.fill(frame + Ethernet.LENGTH, PDU_LENGTH, 0);
        Memory.putByte(frame + Ethernet.LENGTH, subtype);
        Memory.putByte(frame + Ethernet.LENGTH + 1, version);
    }

    static long mac(long at) {
        return (Memory.getShortNet(at) & 0xffffL) << 32 | (Memory.getIntNet(at + 2) & 0xffff_ffffL);
    }

    static void putMac(long at, long mac) {
        Memory.putShortNet(at, (int) (mac >>> 32));
        Memory.putIntNet(at + 2, (int) mac);
    }
}

package jdpvs.wire.slow;

import jdpvs.wire.Ethernet;
import jdpvs.wire.Memory;

/**
 * A marker or its response in a frame at a native address (IEEE 802.1AX-2014 §6.5.3); offsets behind the Ethernet header. Whoever moves a conversation to another link sends a marker behind its last
 * frame, and waits for the response to know that nothing is under way any more.
 *
 * <pre>
 *  0   subtype 2 | version 1                                            |
 *  2   type 1 marker, 2 response; length 16                             |
 *  4   requester port (2) | requester system (6) | transaction (4) | zeros (2) | 18
 *  18  type 0, length 0  terminator                                     | 20
 *  20  zeros (90)                                                       | 110
 * </pre>
 */
public final class MarkerPdu {
    private static final int VERSION = 1;
    private static final int INFORMATION = Ethernet.LENGTH + 2;
    private static final int INFORMATION_LENGTH = 16;
    private static final int TYPE_MARKER = 1;
    private static final int TYPE_RESPONSE = 2;

    private MarkerPdu() {}

    /**
     * Whether it is a marker or a response that may be read.
     *
     * @param frame begins a frame that {@link SlowProtocol#is} one
     */
    public static boolean isValid(long frame, int length) {
        return length >= SlowProtocol.FRAME_LENGTH
                && SlowProtocol.subtype(frame) == SlowProtocol.SUBTYPE_MARKER
                && (type(frame) == TYPE_MARKER || isResponse(frame))
                && Memory.getByte(frame + INFORMATION + 1) == INFORMATION_LENGTH;
    }

    public static boolean isResponse(long frame) {
        return type(frame) == TYPE_RESPONSE;
    }

    /** What is asked or answered. */
    public static MarkerMessage read(long frame) {
        return new MarkerMessage(
                isResponse(frame),
                Memory.getShortNet(frame + INFORMATION + 2),
                SlowProtocol.mac(frame + INFORMATION + 4),
                Memory.getIntNet(frame + INFORMATION + 10));
    }

    /**
     * Writes a whole frame of {@link SlowProtocol#FRAME_LENGTH} bytes.
     *
     * @param source MAC address of the port that sends it
     */
    public static void set(long frame, long source, MarkerMessage marker) {
        SlowProtocol.begin(frame, source, SlowProtocol.SUBTYPE_MARKER, VERSION);
        Memory.putByte(frame + INFORMATION, marker.response() ? TYPE_RESPONSE : TYPE_MARKER);
        Memory.putByte(frame + INFORMATION + 1, INFORMATION_LENGTH);
        Memory.putShortNet(frame + INFORMATION + 2, marker.port());
        SlowProtocol.putMac(frame + INFORMATION + 4, marker.system());
        Memory.putIntNet(frame + INFORMATION + 10, marker.transaction());
    }

    private static int type(long frame) {
        return Memory.getByte(frame + INFORMATION);
    }
}

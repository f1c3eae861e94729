package jdpvs.wire.slow;

import java.util.HexFormat;
import jdpvs.wire.GuardedMemory;
import jdpvs.wire.Memory;

/** Any bytes as a frame of a slow protocol: nothing outside is read, and what is valid survives being read, written and read. */
public final class LacpduFuzz {
    private static final int LONGEST = 2048;
    private static final long SOURCE = 0x0200_0000_0001L;
    private static final GuardedMemory INPUT = new GuardedMemory();
    private static final GuardedMemory OUTPUT = new GuardedMemory();

    private LacpduFuzz() {}

    /** One frame; an AssertionError is a finding, and so is the end of the process. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > LONGEST) {
            return;
        }
        long frame = INPUT.atEnd(input);
        if (!SlowProtocol.is(frame, input.length)) {
            return;
        }
        boolean lacp = Lacpdu.isValid(frame, input.length);
        boolean marker = MarkerPdu.isValid(frame, input.length);
        long written = OUTPUT.atEnd(new byte[SlowProtocol.FRAME_LENGTH]);
        boolean sound = !(lacp && marker);
        if (lacp) {
            LacpMessage message = LacpMessage.read(frame);
            message.write(written, SOURCE);
            sound &= Lacpdu.isValid(written, SlowProtocol.FRAME_LENGTH)
                    && LacpMessage.read(written).equals(message)
                    && sameBytes(frame, written, 18, 15)
                    && sameBytes(frame, written, 38, 15)
                    && sameBytes(frame, written, 58, 2);
        }
        if (marker) {
            MarkerMessage message = MarkerPdu.read(frame);
            message.write(written, SOURCE);
            sound &= MarkerPdu.isValid(written, SlowProtocol.FRAME_LENGTH)
                    && MarkerPdu.read(written).equals(message)
                    && sameBytes(frame, written, 16, 14);
        }
        if (!sound) {
            throw new AssertionError("not what was read: " + HexFormat.of().formatHex(input));
        }
    }

    private static boolean sameBytes(long frame, long other, int offset, int bytes) {
        for (int i = offset; i < offset + bytes; i++) {
            if (Memory.getByte(frame + i) != Memory.getByte(other + i)) {
                return false;
            }
        }
        return true;
    }
}

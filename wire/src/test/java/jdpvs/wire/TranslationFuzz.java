package jdpvs.wire;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HexFormat;
import jdpvs.wire.translate.ErrorMapping;
import jdpvs.wire.translate.ErrorTranslation;
import jdpvs.wire.translate.HeaderTranslation;

/**
 * A frame of either family into the other: whatever passes the {@link Classifier} is translated within its bounds into what passes it too, and a TCP or UDP packet comes
 * back with the transport header and payload it had.
 */
public final class TranslationFuzz {
    private static final int LONGEST = 65_600;
    private static final int ROOM = 128;
    private static final int MARK = 0x5a;
    private static final GuardedMemory GUARDED = new GuardedMemory();
    private static final long MEMORY =
            Arena.global().allocate(LONGEST + 2L * ROOM, 64).address();
    private static final long PAIR = pair();
    private static final long ADDRESSES = 0x0200_000a_0100_000aL;

    private TranslationFuzz() {}

    private static long pair() {
        long pair = Arena.global().allocate(32, 8).address();
        Ipv6.setAddress(pair, 0x2001_0db8_0000_0000L, 1);
        Ipv6.setAddress(pair + 16, 0x2001_0db8_0000_0000L, 2);
        return pair;
    }

    /** One frame; an AssertionError is a finding, and so is the end of the process. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > LONGEST - 1 || input.length < Ethernet.LENGTH) {
            return;
        }
        int classification = Classifier.classify(GUARDED.atEnd(input), input.length);
        int kind = FrameKind.kind(classification);
        if (FrameKind.isFlow(kind)) {
            packet(input, FrameKind.transportOffset(classification), FrameKind.isFlowOfIpv6(kind));
        } else if (kind == FrameKind.ICMP4 || kind == FrameKind.ICMP6) {
            error(input, FrameKind.transportOffset(classification));
        }
    }

    private static void packet(byte[] input, int offset, boolean ipv6) {
        Memory.fill(MEMORY, LONGEST + 2L * ROOM, MARK);
        long frame = MEMORY + ROOM;
        Memory.copyIn(input, 0, frame, input.length);
        VirtioNetHeader.clear(frame);
        long transport = frame + offset;
        int end = Ethernet.LENGTH + Ip.totalLength(frame + Ethernet.LENGTH);
        if (end + HeaderTranslation.growth(frame, offset) > Ethernet.LENGTH + 65_535) {
            return;
        }
        long sent = ipv6
                ? HeaderTranslation.toIpv4(frame, transport, ADDRESSES, 7)
                : HeaderTranslation.toIpv6(frame, transport, PAIR);
        int length = (int) (frame + end - sent);
        int classification = Classifier.classify(sent, length);
        boolean sound = FrameKind.isFlow(FrameKind.kind(classification))
                && FrameKind.isFlowOfIpv6(FrameKind.kind(classification)) != ipv6
                && sent + FrameKind.transportOffset(classification) == transport;
        byte[] rest = new byte[end - offset];
        Memory.copyOut(transport, rest, 0, rest.length);
        if (!sound || !Arrays.equals(rest, Arrays.copyOfRange(input, offset, end))) {
            throw new AssertionError("kind " + FrameKind.kind(classification) + " comes of "
                    + HexFormat.of().formatHex(input));
        }
        for (int i = 0; i < ROOM - 40; i++) {
            if (Memory.getByte(MEMORY + i) != MARK || Memory.getByte(frame + input.length + i) != MARK) {
                throw new AssertionError("written outside: " + HexFormat.of().formatHex(input));
            }
        }
    }

    private static void error(byte[] input, int offset) {
        IcmpError error = new IcmpError();
        error.take(GUARDED.atEnd(input), offset);
        if (!error.read() || !error.isOfFlow()) {
            return;
        }
        long message = ErrorMapping.of(error, input[0] & 31);
        if (message == ErrorMapping.NONE) {
            return;
        }
        Memory.fill(MEMORY, ErrorTranslation.LONGEST + 2L * ROOM, MARK);
        long frame = MEMORY + ROOM;
        int length = error.isIpv6()
                ? ErrorTranslation.toIpv4(error, message, frame, ADDRESSES)
                : ErrorTranslation.toIpv6(error, message, frame, PAIR);
        int kind = FrameKind.kind(Classifier.classify(frame, length));
        boolean sound = kind == (error.isIpv6() ? FrameKind.ICMP4 : FrameKind.ICMP6);
        if (!sound || length > ErrorTranslation.LONGEST || Memory.getByte(frame + length) != MARK) {
            throw new AssertionError("kind " + kind + ", " + length + " bytes come of "
                    + HexFormat.of().formatHex(input));
        }
    }
}

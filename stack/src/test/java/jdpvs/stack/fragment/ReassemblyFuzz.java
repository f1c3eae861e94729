package jdpvs.stack.fragment;

import java.util.List;
import jdpvs.wire.Classifier;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;

/**
 * Fragments as the input says: nothing crashes, what becomes whole is a sound packet, every fragment is in it, kept or counted, and when all time is over
 * nothing is left.
 */
public final class ReassemblyFuzz {
    private static final int STEP_BYTES = 6;
    private static final FragmentLimits LIMITS = new FragmentLimits(16, 48, 4, 12, 1000, 0);

    private ReassemblyFuzz() {}

    /**
     * Six bytes a step: source and identification (low and high half), time (×10 ms), offset (two bytes, units of 8), length (units of 4), flags: bit 0 more,
     * bits 1–3 length in bytes besides, bits 4–5 options in words, bit 6 a length 32 times as large, bit 7 congestion.
     */
    public static void fuzzerTestOneInput(byte[] input) {
        Bench bench = new Bench(LIMITS);
        long added = 0;
        long inWhole = 0;
        for (int at = 0; at + STEP_BYTES <= input.length; at += STEP_BYTES) {
            int flags = input[at + 5] & 0xff;
            int length = ((input[at + 4] & 0xff) * 4 + (flags >> 1 & 7)) * ((flags & 0x40) != 0 ? 32 : 1);
            int offset = ((input[at + 2] & 0xff) << 8 | (input[at + 3] & 0xff)) & Ipv4.OFFSET_MASK;
            byte[] frame = PacketBuilder.ipv4(Ipv4.UDP, 0x0a000001 + (input[at] & 0xf), 0x0a0000c8)
                    .identification(input[at] >> 4 & 0xf)
                    .tos((flags & 0x80) != 0 ? 3 : 1)
                    .ipOptions(new byte[(flags >> 4 & 3) * 4])
                    .payload(new byte[length])
                    .fragment(offset | ((flags & 1) != 0 ? Ipv4.MORE_FRAGMENTS : 0))
                    .toBytes();
            bench.context.nowMillis += (input[at + 1] & 0xff) * 10L;
            bench.reassembly.tick();
            if (offset != 0 || (flags & 1) != 0) {
                added++;
            }
            List<byte[]> whole = bench.add(frame);
            for (byte[] one : whole) {
                check(bench, one);
            }
            inWhole = added - bench.droppedFrames() - bench.reassembly.keptFragments();
            if (inWhole < 0) {
                throw new AssertionError(inWhole + " fragments too many are counted: " + bench.dropped());
            }
        }
        bench.context.nowMillis += LIMITS.timeoutMillis();
        bench.reassembly.tick();
        if (bench.reassembly.incomplete() != 0
                || bench.reassembly.freeChunks() != LIMITS.chunks()
                || added - bench.droppedFrames() != inWhole) {
            throw new AssertionError(bench.reassembly.incomplete() + " datagrams left, " + bench.reassembly.freeChunks()
                    + " chunks free, " + inWhole + " of " + added + " fragments in whole datagrams; "
                    + bench.dropped());
        }
    }

    private static void check(Bench bench, byte[] frame) {
        Memory.copyIn(frame, 0, bench.buffer, frame.length);
        int kind = FrameKind.kind(Classifier.classify(bench.buffer, frame.length));
        if ((kind >= FrameKind.FIRST_BAD && kind != FrameKind.BAD_UDP_HEADER) || kind == FrameKind.FRAGMENT4) {
            throw new AssertionError("a datagram of " + frame.length + " bytes is of kind " + kind);
        }
    }
}

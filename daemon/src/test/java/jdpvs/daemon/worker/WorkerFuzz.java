package jdpvs.daemon.worker;

import java.util.Arrays;
import java.util.Locale;

/**
 * Hostile frames through whole workers, with balanced books, guards around every frame and a connection that must survive. A target for a fuzzer, and with
 * {@link #main} a long run of mutated frames.
 */
public final class WorkerFuzz {
    private static final int CHECK_EVERY = 100_000;
    private static final int BURST = 64;
    private static final FuzzRig RIG = new FuzzRig(2);

    private WorkerFuzz() {}

    /** The input is a row of frames, each behind one byte that says how many bytes it has and where it goes: bit 7 queue, bits 0–6 length. */
    public static void fuzzerTestOneInput(byte[] input) {
        int offered = 0;
        for (int at = 0; at < input.length; ) {
            int length = Math.min(input[at] & 0x7f, input.length - at - 1);
            byte[] frame = Arrays.copyOfRange(input, at + 1, at + 1 + length);
            if (!RIG.isSurvivors(frame)) {
                RIG.offer((input[at] & 0xff) >>> 7, frame, false);
            }
            at += 1 + length;
            // More than a burst would still wait in its queue when the books are balanced.
            if (++offered % BURST == 0) {
                RIG.cycle();
            }
        }
        RIG.cycle();
        RIG.checkSurvivor();
    }

    /** {@code FRAMES [SEED [WORKERS]]}: runs that many frames, prints how it went, and fails with the seed that repeats it. */
    public static void main(String[] arguments) {
        long frames = Long.parseLong(arguments[0]);
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        int workers = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2;
        System.out.printf(Locale.ROOT, "%,d fuzzed frames, seed %d, %d worker(s)%n", frames, seed, workers);
        long began = System.nanoTime();
        try {
            System.out.println(run(frames, seed, workers));
        } catch (AssertionError | RuntimeException e) {
            e.printStackTrace();
            System.out.printf(Locale.ROOT, "FAILED; repeat with: %d %d %d%n", frames, seed, workers);
            System.exit(1);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(Locale.ROOT, "passed: %.0f s, %,.0f frames/s%n", seconds, frames / seconds);
        System.exit(0);
    }

    static String run(long frames, long seed, int workers) {
        FrameMutator mutator = new FrameMutator(seed);
        try (FuzzRig rig = new FuzzRig(workers)) {
            long nextCheck = CHECK_EVERY;
            for (long count = 0; count < frames; ) {
                int burst = 1 + mutator.below(BURST);
                for (int i = 0; i < burst; i++) {
                    byte[] frame = mutator.next();
                    if (!rig.isSurvivors(frame)) {
                        rig.offer(mutator.below(workers), mutator.withHeader(frame), true);
                    }
                    count++;
                }
                rig.cycle();
                if (count >= nextCheck) {
                    nextCheck += CHECK_EVERY;
                    rig.drain();
                    rig.checkSurvivor();
                }
            }
            rig.drain();
            rig.checkSurvivor();
            return rig.summary();
        }
    }
}

package jdpvs.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What setting a connection up costs one worker (SYN in, SYN-ACK back) with a million connections in its table, while others end by their
 * time-out of a second, or make room where the table is full. For the first, the worker's clock is made to run so that as many end as begin; with the
 * machine's clock a fast machine would fill the half-open share first, and room would be made by eviction.
 */
final class Setup {
    private static final int CONNECTIONS = 1_000_000;
    /** Half-open ones live for a second and up to an eighth, the width of a list of theirs. */
    private static final int SET_UPS_PER_MILLI = 800;

    private static final int HALF_OPEN = SET_UPS_PER_MILLI * 1064;
    private static final long ROUND_NANOS = 50_000_000;

    private Setup() {}

    /** @throws IllegalArgumentException for words that mean nothing; the message says which */
    static void run(List<String> words) {
        double seconds = 10;
        for (int i = 0; i < words.size(); i += 2) {
            if (!words.get(i).equals("--seconds")) {
                throw new IllegalArgumentException("unknown option " + words.get(i));
            }
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException("--seconds needs a value");
            }
            seconds = Pipeline.seconds(words.get(i + 1));
        }
        System.out.println(Pipeline.conditions());
        System.out.printf(
                "%-10s %9s %10s %16s %12s %19s %9s %9s%n",
                "room by", "capacity", "ns/set-up", "min - max", "set-ups/s", "connections", "expired", "evicted");
        measure("time-out", CONNECTIONS * 2, CONNECTIONS - HALF_OPEN, SET_UPS_PER_MILLI, seconds);
        measure("eviction", CONNECTIONS, CONNECTIONS / 2, 0, seconds);
    }

    private static void measure(String way, int capacity, int established, int setUpsPerMilli, double seconds) {
        try (SetupRig rig = new SetupRig(capacity, setUpsPerMilli)) {
            rig.establish(established);
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < Math.max(2.5, seconds / 3) * 1e9) {
                rig.cycle();
            }
            int rounds = Math.max(9, (int) (seconds * 1e9 * 2 / 3 / ROUND_NANOS));
            double[] nanos = new double[rounds];
            int least = Integer.MAX_VALUE;
            int most = 0;
            long setUpsBefore = rig.setUps;
            long evictedBefore = rig.evicted();
            int connectionsBefore = rig.connections();
            for (int i = 0; i < rounds; i++) {
                long before = rig.setUps;
                long start = System.nanoTime();
                while (System.nanoTime() - start < ROUND_NANOS) {
                    for (int cycle = 0; cycle < 8; cycle++) {
                        rig.cycle();
                    }
                }
                nanos[i] = (double) (System.nanoTime() - start) / (rig.setUps - before);
                least = Math.min(least, rig.connections());
                most = Math.max(most, rig.connections());
            }
            rig.check();
            Arrays.sort(nanos);
            double median = nanos[rounds / 2];
            long evicted = rig.evicted() - evictedBefore;
            long expired = rig.setUps - setUpsBefore - evicted - (rig.connections() - connectionsBefore);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %9d %10.0f %16s %12.0f %19s %9d %9d%n",
                    way,
                    capacity,
                    median,
                    String.format(Locale.ROOT, "%.0f - %.0f", nanos[0], nanos[rounds - 1]),
                    1e9 / median,
                    least + " - " + most,
                    expired,
                    evicted);
        }
    }
}

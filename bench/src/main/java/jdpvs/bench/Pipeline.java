package jdpvs.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import jdpvs.linux.Mapping;
import jdpvs.wire.Memory;

/**
 * What an established full-NAT TCP packet of 60 bytes costs one worker, at several numbers of flows in random order, both directions:
 * {@code pipeline [--flows 1,1024,65536,1000000] [--seconds 10] [--family 4]}. Beside it, what receiving and sending alone costs, and one
 * dependent cache miss in as much memory.
 */
public final class Pipeline {
    private static final int ROUNDS = 9;

    private Pipeline() {}

    public static void main(String[] arguments) {
        String flows = "1,1024,65536,1000000";
        double seconds = 10;
        String[] words = arguments;
        if (words.length > 0 && words[0].equals("pipeline")) {
            words = Arrays.copyOfRange(words, 1, words.length);
        }
        for (int i = 0; i < words.length; i += 2) {
            String value = i + 1 < words.length ? words[i + 1] : "";
            switch (words[i]) {
                case "--flows" -> flows = value;
                case "--seconds" -> seconds = Double.parseDouble(value);
                case "--family" -> {
                    if (!value.equals("4")) {
                        fail("--family " + value + " is not supported; use 4");
                    }
                }
                default -> fail("unknown option " + words[i] + "; use --flows N,N… --seconds S --family 4");
            }
        }
        System.out.printf("%s, Java %s%n", System.getProperty("os.arch"), System.getProperty("java.vm.version"));
        System.out.printf(
                "%9s %10s %16s %10s %10s %10s %10s %10s%n",
                "flows", "ns/packet", "min - max", "Mpps", "empty ns", "miss ns", "B/conn", "alloc B/p");
        for (String count : flows.split(",", -1)) {
            measure(Integer.parseInt(count.strip()), seconds);
        }
    }

    private static void fail(String message) {
        System.err.println("pipeline: " + message);
        System.exit(2);
    }

    private static void measure(int flows, double seconds) {
        try (PipelineRig rig = new PipelineRig(flows)) {
            // A third of the time is warm-up: the compiler's and the caches'.
            long round = (long) (seconds * 1e9 * 2 / 3 / (ROUNDS * 1.5));
            long received = warmUp(rig, (long) (seconds * 1e9 / 3));
            double[] full = new double[ROUNDS];
            double[] empty = new double[ROUNDS];
            long allocated = 0;
            long packets = 0;
            for (int i = 0; i < ROUNDS; i++) {
                long before = allocatedBytes();
                long start = System.nanoTime();
                long count = 0;
                while (System.nanoTime() - start < round) {
                    for (int cycle = 0; cycle < 64; cycle++) {
                        count += rig.cycle();
                    }
                }
                full[i] = (double) (System.nanoTime() - start) / count;
                allocated += allocatedBytes() - before;
                packets += count;
                received += count;
                start = System.nanoTime();
                count = 0;
                while (System.nanoTime() - start < round / 2) {
                    for (int cycle = 0; cycle < 64; cycle++) {
                        count += rig.emptyCycle();
                    }
                }
                empty[i] = (double) (System.nanoTime() - start) / count;
                received += count;
            }
            rig.check(received);
            Arrays.sort(full);
            Arrays.sort(empty);
            double median = full[ROUNDS / 2];
            System.out.printf(
                    Locale.ROOT,
                    "%9d %10.1f %16s %10.2f %10.1f %10.1f %10.1f %10.3f%n",
                    flows,
                    median,
                    String.format(Locale.ROOT, "%.1f - %.1f", full[0], full[ROUNDS - 1]),
                    1000 / median,
                    empty[ROUNDS / 2],
                    missNanos(flows),
                    rig.bytesPerConnection(),
                    (double) allocated / packets);
        }
    }

    private static long warmUp(PipelineRig rig, long nanos) {
        long start = System.nanoTime();
        long received = 0;
        while (System.nanoTime() - start < nanos) {
            received += rig.cycle();
            received += rig.emptyCycle();
        }
        return received;
    }

    /** One load that depends on the one before, over as much memory as the connections and their index entries take. */
    private static double missNanos(int flows) {
        int lines = Math.max(64, flows * 3);
        try (Mapping memory = Mapping.anonymous(lines * 64L, true)) {
            // Sattolo's shuffle makes one cycle through all lines.
            int[] order = new int[lines];
            Arrays.setAll(order, i -> i);
            SplittableRandom random = new SplittableRandom(5);
            for (int i = lines - 1; i > 0; i--) {
                int j = random.nextInt(i);
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
            for (int i = 0; i < lines; i++) {
                Memory.putLong(memory.address() + i * 64L, memory.address() + order[i] * 64L);
            }
            int loads = 2_000_000;
            chase(memory.address(), loads);
            long start = System.nanoTime();
            long end = chase(memory.address(), loads);
            double nanos = (double) (System.nanoTime() - start) / loads;
            return end == 0 ? 0 : nanos;
        }
    }

    private static long chase(long address, int loads) {
        long at = address;
        for (int i = 0; i < loads; i++) {
            at = Memory.getLong(at);
        }
        return at;
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}

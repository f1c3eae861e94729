package jdpvs.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import jdpvs.linux.Mapping;
import jdpvs.wire.Memory;

/**
 * What an established full-NAT TCP packet of 60 bytes costs one worker, at several numbers of flows in random order, both directions; {@link Main} has the
 * options. Beside it, what receiving and sending alone costs, and one dependent cache miss in as much memory.
 */
final class Pipeline {
    /** Short, so that many fall between the interruptions of a shared machine. */
    private static final long ROUND_NANOS = 30_000_000;

    private static final int MOST_FLOWS = 4_000_000;

    private Pipeline() {}

    /** @throws IllegalArgumentException for words that mean nothing; the message says which */
    static void run(List<String> words) {
        List<Integer> flows = List.of(1, 1024, 65_536, 1_000_000);
        List<Family> families = List.of(Family.FOUR);
        double seconds = 10;
        for (int i = 0; i < words.size(); i += 2) {
            String option = words.get(i);
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = words.get(i + 1);
            switch (option) {
                case "--flows" -> flows = numbers(value);
                case "--seconds" -> seconds = seconds(value);
                case "--family" -> families = families(value);
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        System.out.println(conditions());
        System.out.printf(
                "%6s %9s %10s %16s %10s %10s %10s %10s %10s%n",
                "family", "flows", "ns/packet", "min - max", "Mpps", "empty ns", "miss ns", "B/conn", "alloc B/p");
        for (int count : flows) {
            for (Family family : families) {
                measure(family, count, seconds);
            }
        }
    }

    private static List<Family> families(String list) {
        List<Family> families = new ArrayList<>();
        for (String word : list.split(",", -1)) {
            families.add(Family.of(word.strip()));
        }
        return families;
    }

    /** The machine, its load and the JVM: what a table is worthless without. */
    static String conditions() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        String processor = system.getArch();
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            processor = lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(processor);
        } catch (IOException e) {
            // The architecture's name must do.
        }
        return String.format(
                Locale.ROOT,
                "%d × %s, load %.1f, Java %s",
                system.getAvailableProcessors(),
                processor,
                system.getSystemLoadAverage(),
                System.getProperty("java.vm.version"));
    }

    private static List<Integer> numbers(String list) {
        List<Integer> numbers = new ArrayList<>();
        for (String word : list.split(",", -1)) {
            try {
                numbers.add(Integer.parseInt(word.strip()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("--flows " + list + ": '" + word + "' is no number", e);
            }
            if (numbers.getLast() < 1 || numbers.getLast() > MOST_FLOWS) {
                throw new IllegalArgumentException("--flows " + word + " is outside 1 to " + MOST_FLOWS);
            }
        }
        return numbers;
    }

    static double seconds(String text) {
        try {
            double seconds = Double.parseDouble(text);
            if (seconds > 0 && seconds <= 600) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--seconds " + text + " is no number", e);
        }
        throw new IllegalArgumentException("--seconds " + text + " is outside 0 to 600");
    }

    private static void measure(Family family, int flows, double seconds) {
        try (PipelineRig rig = new PipelineRig(family, flows)) {
            // A third of the time is warm-up: the compiler's and the caches'.
            long received = rig.verify() + warmUp(rig, (long) (seconds * 1e9 / 3));
            int rounds = Math.max(9, (int) (seconds * 1e9 * 2 / 3 / (ROUND_NANOS * 1.5)));
            double[] full = new double[rounds];
            double[] empty = new double[rounds];
            // What asking itself allocates.
            long asking = -allocatedBytes() + allocatedBytes();
            long allocated = 0;
            long packets = 0;
            for (int i = 0; i < rounds; i++) {
                long before = allocatedBytes();
                long start = System.nanoTime();
                long count = 0;
                while (System.nanoTime() - start < ROUND_NANOS) {
                    for (int cycle = 0; cycle < 16; cycle++) {
                        count += rig.cycle();
                    }
                }
                full[i] = (double) (System.nanoTime() - start) / count;
                allocated += allocatedBytes() - before - asking;
                packets += count;
                received += count;
                start = System.nanoTime();
                count = 0;
                while (System.nanoTime() - start < ROUND_NANOS / 2) {
                    for (int cycle = 0; cycle < 16; cycle++) {
                        count += rig.emptyCycle();
                    }
                }
                empty[i] = (double) (System.nanoTime() - start) / count;
                received += count;
            }
            rig.check(received);
            Arrays.sort(full);
            Arrays.sort(empty);
            double median = full[rounds / 2];
            System.out.printf(
                    Locale.ROOT,
                    "%6s %9d %10.1f %16s %10.2f %10.1f %10.1f %10.1f %10.3f%n",
                    family.word,
                    flows,
                    median,
                    String.format(Locale.ROOT, "%.1f - %.1f", full[0], full[rounds - 1]),
                    1000 / median,
                    empty[rounds / 2],
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

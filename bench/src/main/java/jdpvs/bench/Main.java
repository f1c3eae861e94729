package jdpvs.bench;

import java.util.Arrays;
import java.util.List;

/** Starts a benchmark by name; {@code bin/bench} calls it. */
public final class Main {
    private static final String USAGE = """
            usage: bench pipeline [--flows N,N,...] [--seconds S] [--family 4]
              --flows    established connections, one line of the table each (1,1024,65536,1000000)
              --seconds  time per line; a third of it warms up (10)
              --family   4 (the only one supported)
                   bench setup [--seconds S]
              --seconds  time per line (10); columns: what ends connections, capacity of the table, ns per set-up (SYN and SYN-ACK; median
                         of rounds of 50 ms; fastest - slowest), set-ups per second, connections in the table, ended by time-out, evicted
            Columns of pipeline: ns per packet (median of rounds of 30 ms; fastest - slowest), packets per second, the same without a balancer between
            receiving and sending, one dependent cache miss in as much memory, native memory per connection of a full table, heap bytes
            allocated per packet.""";

    private Main() {}

    public static void main(String[] arguments) {
        List<String> words = Arrays.asList(arguments);
        if (words.contains("--help") || words.contains("-h")) {
            System.out.println(USAGE);
            return;
        }
        try {
            switch (words.isEmpty() ? "" : words.getFirst()) {
                case "pipeline" -> Pipeline.run(words.subList(1, words.size()));
                case "setup" -> Setup.run(words.subList(1, words.size()));
                default -> throw new IllegalArgumentException("name a benchmark: pipeline or setup");
            }
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        }
    }
}

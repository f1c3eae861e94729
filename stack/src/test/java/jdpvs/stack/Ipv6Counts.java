package jdpvs.stack;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counters of IPv6 that are not 0, as one line: {@code InDelivers 1, OutOctets 48}. */
public final class Ipv6Counts {
    private final Ipv6Counters counters;
    private final Map<Ipv6Counter, Long> before = new TreeMap<>();

    /** Counts from now on. */
    public Ipv6Counts(Ipv6Counters counters) {
        this.counters = counters;
        for (Ipv6Counter counter : Ipv6Counter.values()) {
            before.put(counter, counters.get(counter));
        }
    }

    /** Since the beginning. */
    public static String of(Ipv6Counters counters) {
        Ipv6Counts counts = new Ipv6Counts(counters);
        counts.before.replaceAll((counter, count) -> 0L);
        return counts.toString();
    }

    @Override
    public String toString() {
        return Arrays.stream(Ipv6Counter.values())
                .filter(counter -> counters.get(counter) != before.getOrDefault(counter, 0L))
                .map(counter -> counter.label() + " " + (counters.get(counter) - before.getOrDefault(counter, 0L)))
                .collect(Collectors.joining(", "));
    }
}

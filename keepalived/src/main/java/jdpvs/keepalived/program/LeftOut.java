package jdpvs.keepalived.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What dpvs refused, and what was wanted then: it is tried again when something else is wanted of it, and now and then, for what was missing, say a VLAN device, may have been made since. The programmer's
 * thread alone.
 */
final class LeftOut {
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(15);

    private record Entry(@Nullable Object wanted, String sentence, long atNanos) {
        boolean isDue() {
            return System.nanoTime() - atNanos >= AGAIN_NANOS;
        }
    }

    private final Map<Item, Entry> entries = new HashMap<>();

    /**
     * @param wanted null = that it is not there
     * @return whether this is news
     */
    boolean add(Item item, @Nullable Object wanted, String sentence) {
        Entry before = entries.put(item, new Entry(wanted, sentence, System.nanoTime()));
        return before == null || !before.sentence.equals(sentence);
    }

    /** @return whether there was such a thing */
    boolean applied(Set<Item> items) {
        return entries.keySet().removeAll(items);
    }

    /** Whether something is to be tried again. */
    boolean isDue() {
        return entries.values().stream().anyMatch(Entry::isDue);
    }

    /** Whether just this was refused, and not long ago. */
    boolean has(Item item, @Nullable Object wanted) {
        Entry entry = entries.get(item);
        return entry != null && !entry.isDue() && Objects.equals(entry.wanted, wanted);
    }

    /** Forgets what was refused when something else was wanted of it, and what is neither wanted nor there any more. @return whether there was such a thing */
    boolean prune(Wanted wanted, Made made) {
        return entries.entrySet().removeIf(e -> {
            Object now = wanted.of(e.getKey());
            return !Objects.equals(e.getValue().wanted, now) || (now == null && !made.has(e.getKey()));
        });
    }

    void clear() {
        entries.clear();
    }

    List<String> sentences() {
        return entries.values().stream().map(Entry::sentence).sorted().toList();
    }
}

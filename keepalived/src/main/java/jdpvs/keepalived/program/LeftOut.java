package jdpvs.keepalived.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What dpvs refused, and what was wanted then: it is not tried again before something else is wanted of it. The programmer's thread alone. */
final class LeftOut {
    private record Entry(@Nullable Object wanted, String sentence) {}

    private final Map<Item, Entry> entries = new HashMap<>();

    /** @param wanted null = that it is not there */
    void add(Item item, @Nullable Object wanted, String sentence) {
        entries.put(item, new Entry(wanted, sentence));
    }

    /** Whether just this was refused. */
    boolean has(Item item, @Nullable Object wanted) {
        Entry entry = entries.get(item);
        return entry != null && Objects.equals(entry.wanted, wanted);
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

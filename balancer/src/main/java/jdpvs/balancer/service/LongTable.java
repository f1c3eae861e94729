package jdpvs.balancer.service;

import org.jspecify.annotations.Nullable;

/**
 * An immutable-after-filling map from non-zero longs by open addressing with linear probing, at most half full, so that a look-up reads one or two
 * neighbouring words and allocates nothing.
 */
final class LongTable<V> {
    private final long[] keys;
    private final @Nullable Object[] values;
    private final int shift;

    LongTable(int entries) {
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(4, entries) * 2L - 1);
        this.keys = new long[1 << bits];
        this.values = new Object[1 << bits];
        this.shift = 64 - bits;
    }

    void put(long key, V value) {
        int at = slot(key);
        keys[at] = key;
        values[at] = value;
    }

    @SuppressWarnings("unchecked")
    @Nullable V get(long key) {
        return (V) values[slot(key)];
    }

    boolean contains(long key) {
        return keys[slot(key)] == key;
    }

    /** Where the key stands or would stand. */
    private int slot(long key) {
        // Fibonacci hashing: the high bits of the product depend on all bits of the key.
        int at = (int) ((key * 0x9e3779b97f4a7c15L) >>> shift);
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & (keys.length - 1);
        }
        return at;
    }
}

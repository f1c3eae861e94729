package jdpvs.balancer.service;

import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * An immutable-after-filling map from addresses, with protocol and port or without, by open addressing with linear probing, at most half full: a look-up reads
 * one or two neighbouring places and allocates nothing.
 */
final class AddressTable<V> {
    private final long[] highs;
    private final long[] lows;
    private final int[] details;
    private final @Nullable Object[] values;
    private final int shift;

    AddressTable(int entries) {
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(4, entries) * 2L - 1);
        this.highs = new long[1 << bits];
        this.lows = new long[1 << bits];
        this.details = new int[1 << bits];
        this.values = new Object[1 << bits];
        this.shift = 64 - bits;
    }

    /** @param detail of the same address tells entries apart: protocol and port, or 0 */
    void put(Address address, int detail, V value) {
        int at = slot(address.high(), address.low(), detail);
        highs[at] = address.high();
        lows[at] = address.low();
        details[at] = detail;
        values[at] = value;
    }

    @SuppressWarnings("unchecked")
    @Nullable V get(long high, long low, int detail) {
        return (V) values[slot(high, low, detail)];
    }

    boolean contains(long high, long low, int detail) {
        return values[slot(high, low, detail)] != null;
    }

    /** Where the key stands or would stand. */
    private int slot(long high, long low, int detail) {
        int at = (int) (Address.hash(high, low, detail) >>> shift);
        while (values[at] != null && (lows[at] != low || highs[at] != high || details[at] != detail)) {
            at = (at + 1) & (values.length - 1);
        }
        return at;
    }
}

package jdpvs.stack.fragment;

import java.util.Arrays;
import jdpvs.port.SpareMemory;
import jdpvs.wire.Memory;

/**
 * The datagrams that fragments belong to: found by source, destination, identification and for IPv4 protocol (RFC 791 §3.2, RFC 8200 §4.5), and lined up by age, all of them
 * and those of each group of sources. Everything is an array by datagram, made once.
 */
final class Datagrams {
    /** Room for an Ethernet header and the longest IPv4 header, or one of IPv6 with a few extension headers. */
    static final int HEADER_BYTES = 128;

    private static final int WORDS = 4;

    static final int NONE = -1;

    /** By datagram: when its time is over. */
    final long[] deadlineMillis;
    /** By datagram: its chunks in order, or NONE. */
    final int[] first;

    final int[] last;
    final int[] chunks;
    final int[] fragments;
    /** By datagram: payload bytes kept so far. */
    final int[] received;
    /** By datagram: payload bytes it has when whole; -1 until its last fragment has come. */
    final int[] total;
    /** By datagram: length of the first fragment's IP headers, 0 until that has come. */
    final int[] headerLength;

    final int[] device;
    /** By datagram: its fragments contradicted each other, and whatever belongs to it is dropped until its time is over. */
    final boolean[] dead;
    /** By datagram: a router on a fragment's way was congested. */
    final boolean[] congested;
    /** By source group: chunks in use. */
    final int[] chunksOfSource;

    private final SpareMemory headers;
    private final long secret;
    private final long[] addresses;
    private final long[] identity;
    private final int[] source;
    private final int[] datagramsOfSource;
    private final int[] buckets;
    private final int[] chain;
    private final AgeList ages;
    private final AgeList sourceAges;
    private int free = NONE;
    private int count;

    Datagrams(int capacity, int sources, long secret) {
        this.secret = secret;
        headers = new SpareMemory((long) capacity * HEADER_BYTES);
        deadlineMillis = new long[capacity];
        first = new int[capacity];
        last = new int[capacity];
        chunks = new int[capacity];
        fragments = new int[capacity];
        received = new int[capacity];
        total = new int[capacity];
        headerLength = new int[capacity];
        device = new int[capacity];
        dead = new boolean[capacity];
        congested = new boolean[capacity];
        addresses = new long[capacity * WORDS];
        identity = new long[capacity];
        source = new int[capacity];
        chain = new int[capacity];
        chunksOfSource = new int[sources];
        datagramsOfSource = new int[sources];
        buckets = new int[Integer.highestOneBit(capacity) * 2];
        Arrays.fill(buckets, NONE);
        ages = new AgeList(1, capacity);
        sourceAges = new AgeList(sources, capacity);
        for (int datagram = capacity - 1; datagram >= 0; datagram--) {
            free(datagram);
        }
    }

    /** Those that are being collected, dead ones among them. */
    int count() {
        return count;
    }

    /**
     * Addresses as halves of {@link jdpvs.wire.Address}.
     *
     * @param newIdentity identification and protocol
     */
    int find(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, long newIdentity) {
        int bucket = bucket(sourceHigh, sourceLow, destinationHigh, destinationLow, newIdentity);
        for (int d = buckets[bucket]; d != NONE; d = chain[d]) {
            int at = d * WORDS;
            if (identity[d] == newIdentity
                    && addresses[at] == sourceHigh
                    && addresses[at + 1] == sourceLow
                    && addresses[at + 2] == destinationHigh
                    && addresses[at + 3] == destinationLow) {
                return d;
            }
        }
        return NONE;
    }

    boolean isIpv6(int d) {
        return Fragment.isIpv6(identity[d]);
    }

    boolean isFull() {
        return free == NONE;
    }

    /** Begins a datagram; there is room. */
    int add(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            long newIdentity,
            int sourceGroup,
            long deadline) {
        int d = free;
        free = chain[d];
        count++;
        int at = d * WORDS;
        addresses[at] = sourceHigh;
        addresses[at + 1] = sourceLow;
        addresses[at + 2] = destinationHigh;
        addresses[at + 3] = destinationLow;
        identity[d] = newIdentity;
        source[d] = sourceGroup;
        datagramsOfSource[sourceGroup]++;
        deadlineMillis[d] = deadline;
        first[d] = NONE;
        last[d] = NONE;
        chunks[d] = 0;
        fragments[d] = 0;
        received[d] = 0;
        total[d] = NONE;
        headerLength[d] = 0;
        dead[d] = false;
        congested[d] = false;
        int bucket = bucket(d);
        chain[d] = buckets[bucket];
        buckets[bucket] = d;
        ages.append(0, d);
        sourceAges.append(sourceGroup, d);
        return d;
    }

    /** Takes a datagram out of the search and the ages; its chunks count no longer for its source. {@link #free} is still to come. */
    void remove(int d) {
        int bucket = bucket(d);
        if (buckets[bucket] == d) {
            buckets[bucket] = chain[d];
        } else {
            int before = buckets[bucket];
            while (chain[before] != d) {
                before = chain[before];
            }
            chain[before] = chain[d];
        }
        ages.remove(0, d);
        sourceAges.remove(source[d], d);
        datagramsOfSource[source[d]]--;
        chunksOfSource[source[d]] -= chunks[d];
        count--;
    }

    void free(int d) {
        chain[d] = free;
        free = d;
    }

    /** The oldest of all, or NONE. */
    int oldest() {
        return ages.oldest(0);
    }

    /** The next younger one, or NONE. */
    int newer(int d) {
        return ages.newer(d);
    }

    int oldestOfSource(int group) {
        return sourceAges.oldest(group);
    }

    int datagramsOfSource(int group) {
        return datagramsOfSource[group];
    }

    int source(int d) {
        return source[d];
    }

    /** Which group a source address belongs to; not to be guessed from outside. A host of IPv6 has its whole network's addresses. */
    int sourceGroup(long high, long low) {
        return (int) (mix((high == 0 ? low : high) ^ secret) >>> 40) & (chunksOfSource.length - 1);
    }

    /** Where the first fragment's headers are kept, Ethernet's first. */
    long header(int d) {
        return headers.address() + (long) d * HEADER_BYTES;
    }

    void keepHeader(int d, long frame, int bytes) {
        Memory.copy(frame, header(d), bytes);
    }

    private int bucket(int d) {
        int at = d * WORDS;
        return bucket(addresses[at], addresses[at + 1], addresses[at + 2], addresses[at + 3], identity[d]);
    }

    private int bucket(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, long newIdentity) {
        long source = mix(mix(sourceHigh ^ secret) + sourceLow);
        long both = mix(mix(source + destinationHigh) + destinationLow);
        return (int) (mix(both + newIdentity) >>> 32) & (buckets.length - 1);
    }

    /** The finalizer of a well-mixing hash: each input bit changes every output bit with probability one half. */
    private static long mix(long value) {
        long x = value;
        x = (x ^ x >>> 32) * 0xd6e8feb86659fd93L;
        x = (x ^ x >>> 32) * 0xd6e8feb86659fd93L;
        return x ^ x >>> 32;
    }
}

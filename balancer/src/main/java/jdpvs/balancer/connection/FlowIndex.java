package jdpvs.balancer.connection;

import java.nio.ByteOrder;
import jdpvs.wire.Memory;

/**
 * Finds the connection of a packet: a hash table in native memory, one per worker, that holds each connection twice, once per direction. The whole key
 * stands in the entry, so that a look-up touches one cache line and no connection.
 *
 * <pre>
 *  bucket (64 bytes, one cache line): four entries, filled from the front
 *   0                16               32               48
 *  +----------------+----------------+----------------+----------------+
 *  | entry 0        | entry 1        | entry 2        | entry 3        |
 *  +----------------+----------------+----------------+----------------+
 *  entry (16 bytes, machine order): addresses (8) | ports, connection number, family, direction, protocol, used (8); see {@link FlowKey}
 * </pre>
 *
 * An entry whose bucket is full stands in the next one that is not, so a look-up ends at the first bucket with a free place; removal keeps that true by
 * moving such strays back, and the table never silts up. The hash is keyed with secret seeds: nobody outside can choose colliding flows.
 * The number of buckets is free (the hash is scaled by multiplication, not masked), so that memory follows capacity.
 */
public final class FlowIndex {
    private static final int ENTRY = 16;
    private static final int BUCKET = 64;
    private static final int LAST_ENTRY = 48;

    /** Two entries per connection at 60 % load: with four entries a bucket fewer than one look-up in ten leaves its first line. */
    private static final double LOAD = 0.6;

    private final long base;
    private final long end;
    private final long buckets;
    private final long seedAddresses;
    private final long seedPorts;

    /**
     * @param base 64-byte aligned, {@link #memoryBytes} long, zero
     * @param seedAddresses secret
     * @param seedPorts secret
     */
    public FlowIndex(long base, int connections, long seedAddresses, long seedPorts) {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalStateException("the flow index is laid out for little-endian machines (x86-64, aarch64)");
        }
        this.base = base;
        this.buckets = buckets(connections);
        this.end = base + buckets * BUCKET;
        this.seedAddresses = seedAddresses;
        this.seedPorts = seedPorts;
    }

    public static long memoryBytes(int connections) {
        return buckets(connections) * BUCKET;
    }

    private static long buckets(int connections) {
        return Math.max(4, (long) Math.ceil(connections * 2.0 / 4 / LOAD));
    }

    /** The address of the bucket where a key belongs. */
    public long bucket(long addresses, long ports) {
        long a = addresses ^ seedAddresses;
        long b = (ports & FlowKey.KEY_BITS) ^ seedPorts;
        long mixed = (a * b) ^ Math.unsignedMultiplyHigh(a, b);
        // A second round: the product of the first keeps patterns of nearby keys in its low bits.
        mixed = (mixed ^ (mixed >>> 32)) * 0x9e3779b97f4a7c15L;
        return base + (Math.unsignedMultiplyHigh(mixed, buckets) << 6);
    }

    /** Brings a bucket's line near; the caller must use the value somewhere, or the compiler drops the load. */
    public static long touch(long bucket) {
        return Memory.getLong(bucket);
    }

    /**
     * Looks a key up.
     *
     * @param bucket from {@link #bucket} for the same key
     * @return a hit for {@link #connection} and {@link #isOutbound}, or 0
     */
    public int find(long bucket, long addresses, long ports) {
        while (true) {
            long first = Memory.getLong(bucket + 8);
            if (Memory.getLong(bucket) == addresses && (first & FlowKey.KEY_BITS) == ports) {
                return (int) (first >>> 32);
            }
            long second = Memory.getLong(bucket + 24);
            if (Memory.getLong(bucket + 16) == addresses && (second & FlowKey.KEY_BITS) == ports) {
                return (int) (second >>> 32);
            }
            long third = Memory.getLong(bucket + 40);
            if (Memory.getLong(bucket + 32) == addresses && (third & FlowKey.KEY_BITS) == ports) {
                return (int) (third >>> 32);
            }
            long fourth = Memory.getLong(bucket + 56);
            if (Memory.getLong(bucket + 48) == addresses && (fourth & FlowKey.KEY_BITS) == ports) {
                return (int) (fourth >>> 32);
            }
            if (fourth == 0) {
                return 0;
            }
            bucket = next(bucket);
        }
    }

    public int find(long addresses, long ports) {
        return find(bucket(addresses, ports), addresses, ports);
    }

    public static int connection(int hit) {
        return hit & 0x0fff_ffff;
    }

    public static boolean isIpv6(int hit) {
        return (hit & (1 << 28)) != 0;
    }

    public static boolean isOutbound(int hit) {
        return (hit & (1 << 29)) != 0;
    }

    public static boolean isUdp(int hit) {
        return (hit & (1 << 30)) != 0;
    }

    /** Adds a key that is not there; the caller keeps to the number of connections the index was made for. */
    public void insert(long addresses, long ports, int connection, boolean outbound) {
        long place = bucket(addresses, ports);
        while (isFull(place)) {
            place = next(place);
        }
        while (Memory.getLong(place + 8) != 0) {
            place += ENTRY;
        }
        Memory.putLong(place, addresses);
        Memory.putLong(place + 8, ports | (long) connection << 32 | (outbound ? FlowKey.OUTBOUND : 0));
    }

    /** Takes a key away; one that is not there is ignored. */
    public void remove(long addresses, long ports) {
        long bucket = bucket(addresses, ports);
        while (true) {
            for (long entry = bucket; entry <= bucket + LAST_ENTRY; entry += ENTRY) {
                if (Memory.getLong(entry) == addresses && (Memory.getLong(entry + 8) & FlowKey.KEY_BITS) == ports) {
                    removeEntry(bucket, entry);
                    return;
                }
            }
            if (!isFull(bucket)) {
                return;
            }
            bucket = next(bucket);
        }
    }

    private void removeEntry(long bucket, long entry) {
        boolean wasFull = isFull(bucket);
        long last = lastUsed(bucket);
        move(last, entry);
        clear(last);
        // Strays beyond a bucket exist only when it was full. Each may come back into the hole; that leaves a hole
        // where it stood.
        long hole = last;
        long candidate = bucket;
        while (wasFull) {
            candidate = next(candidate);
            wasFull = isFull(candidate);
            long stray = strayOf(bucket, candidate);
            if (stray != 0) {
                move(stray, hole);
                hole = lastUsed(candidate);
                move(hole, stray);
                clear(hole);
                bucket = candidate;
            }
        }
    }

    /** An entry in {@code candidate} that belongs at or before {@code bucket}, or 0. */
    private long strayOf(long bucket, long candidate) {
        long gap = distance(bucket, candidate);
        for (long entry = candidate; entry <= candidate + LAST_ENTRY; entry += ENTRY) {
            long ports = Memory.getLong(entry + 8);
            if (ports == 0) {
                return 0;
            }
            long home = bucket(Memory.getLong(entry), ports);
            if (distance(home, candidate) >= gap) {
                return entry;
            }
        }
        return 0;
    }

    private long distance(long from, long to) {
        return to >= from ? to - from : to - from + (end - base);
    }

    private long next(long bucket) {
        long next = bucket + BUCKET;
        return next == end ? base : next;
    }

    private static boolean isFull(long bucket) {
        return Memory.getLong(bucket + LAST_ENTRY + 8) != 0;
    }

    private static long lastUsed(long bucket) {
        long entry = bucket + LAST_ENTRY;
        while (entry > bucket && Memory.getLong(entry + 8) == 0) {
            entry -= ENTRY;
        }
        return entry;
    }

    private static void move(long from, long to) {
        Memory.putLong(to, Memory.getLong(from));
        Memory.putLong(to + 8, Memory.getLong(from + 8));
    }

    private static void clear(long entry) {
        Memory.putLong(entry, 0);
        Memory.putLong(entry + 8, 0);
    }
}

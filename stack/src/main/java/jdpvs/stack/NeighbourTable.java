package jdpvs.stack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * One worker's neighbours as parallel arrays: written by the worker, listed by any thread. An entry is an int index.
 *
 * <p>Bounded, and so is each worth of entries: unresolved ones may be half of the table, learnt but never used ones a quarter, used and
 * static ones all but an eighth. The oldest of a worth whose share is used up makes room. So neither packets for hosts that do not
 * answer nor the link's chatter push out what is in use, nor each other.
 *
 * <p>A key is a device, -1 while the entry is free, and the two halves of an {@link Address}. A value is one word, so that readers never see half of one:
 *
 * <pre>
 *  0 (12) | static (1) | state (3) | MAC address (48)
 * </pre>
 */
final class NeighbourTable {
    static final int NONE = -1;

    /** Lists by worth; the head of each is its oldest. */
    static final int UNRESOLVED = 0;

    static final int UNUSED = 1;
    static final int USED = 2;
    static final int STATIC = 3;

    private static final int FREE = -1;
    private static final long MAC_MASK = 0xffff_ffff_ffffL;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle DEVICE = MethodHandles.arrayElementVarHandle(int[].class);
    private static final NeighbourState[] STATES = NeighbourState.values();

    /** Clock time of the next step of an entry's state. */
    final long[] deadlineMillis;
    /** When the entry was asked for last, and confirmed last. */
    final long[] askedMillis;

    final long[] confirmedMillis;
    /** Requests of the present state so far. */
    final int[] attempts;
    /** Waiting packets: slots of the pool, oldest first. */
    final int[] queueHead;

    final int[] queueTail;
    final int[] queueLength;
    /** Of them, those in the pool's large buffers. */
    final int[] queueLarge;

    private final int[] devices;
    private final long[] highs;
    private final long[] lows;
    private final long[] values;
    private final int[] buckets;
    private final int[] chain;
    private final int[] list;
    private final int[] older;
    private final int[] newer;
    private final int[] counts = new int[STATIC + 1];
    private final int capacity;
    private final int[] oldest = {NONE, NONE, NONE, NONE};
    private final int[] newest = {NONE, NONE, NONE, NONE};
    private int free = NONE;
    private int highWater;

    NeighbourTable(int capacity) {
        this.capacity = capacity;
        devices = new int[capacity];
        highs = new long[capacity];
        lows = new long[capacity];
        values = new long[capacity];
        deadlineMillis = new long[capacity];
        askedMillis = new long[capacity];
        confirmedMillis = new long[capacity];
        attempts = new int[capacity];
        queueHead = new int[capacity];
        queueTail = new int[capacity];
        queueLength = new int[capacity];
        queueLarge = new int[capacity];
        chain = new int[capacity];
        list = new int[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        buckets = new int[Integer.highestOneBit(Math.max(2, capacity)) * 2];
        Arrays.fill(buckets, NONE);
        Arrays.fill(devices, FREE);
        for (int entry = capacity - 1; entry >= 0; entry--) {
            chain[entry] = free;
            free = entry;
        }
    }

    int find(int device, long high, long low) {
        int entry = buckets[bucket(device, high, low)];
        while (entry != NONE && (lows[entry] != low || highs[entry] != high || devices[entry] != device)) {
            entry = chain[entry];
        }
        return entry;
    }

    /** Whether a new entry of a worth needs none to go. */
    boolean hasRoom(int worth) {
        return free != NONE && counts[worth] < share(worth);
    }

    /** The entry that makes room for one of a worth, or {@link #NONE} when there is none that may. */
    int victim(int worth) {
        if (counts[worth] >= share(worth)) {
            return oldest[worth];
        }
        if (worth == UNUSED || (worth == UNRESOLVED && oldest[UNUSED] != NONE)) {
            return oldest[UNUSED];
        }
        for (int other = UNRESOLVED; other < STATIC && (other == UNRESOLVED || worth >= USED); other++) {
            if (oldest[other] != NONE) {
                return oldest[other];
            }
        }
        return NONE;
    }

    /** The used entry that has to go because used and static ones have outgrown their share, or {@link #NONE}. */
    int surplus() {
        return counts[USED] + counts[STATIC] > capacity - Math.max(1, capacity / 8) ? oldest[USED] : NONE;
    }

    private int share(int worth) {
        return switch (worth) {
            case UNRESOLVED -> Math.max(1, capacity / 2);
            case UNUSED -> Math.max(1, capacity / 4);
            default -> capacity;
        };
    }

    /** A new entry without a MAC address; the caller has seen that it is not there and that one is free. */
    int add(int device, long high, long low, int worth, NeighbourState state) {
        int entry = free;
        free = chain[entry];
        highWater = Math.max(highWater, entry + 1);
        int bucket = bucket(device, high, low);
        chain[entry] = buckets[bucket];
        buckets[bucket] = entry;
        deadlineMillis[entry] = Long.MAX_VALUE;
        askedMillis[entry] = Long.MIN_VALUE / 2;
        confirmedMillis[entry] = Long.MIN_VALUE / 2;
        attempts[entry] = 0;
        queueHead[entry] = PacketPool.NONE;
        queueTail[entry] = PacketPool.NONE;
        queueLength[entry] = 0;
        queueLarge[entry] = 0;
        set(entry, 0, state, worth == STATIC);
        CELL.setRelease(highs, entry, high);
        CELL.setRelease(lows, entry, low);
        DEVICE.setRelease(devices, entry, device);
        append(entry, worth);
        return entry;
    }

    /** Forgets an entry whose queue is empty. */
    void remove(int entry) {
        int bucket = bucket(devices[entry], highs[entry], lows[entry]);
        if (buckets[bucket] == entry) {
            buckets[bucket] = chain[entry];
        } else {
            int before = buckets[bucket];
            while (chain[before] != entry) {
                before = chain[before];
            }
            chain[before] = chain[entry];
        }
        unlink(entry);
        DEVICE.setRelease(devices, entry, FREE);
        chain[entry] = free;
        free = entry;
    }

    /** Moves an entry to the newest place of a list. */
    void touch(int entry, int worth) {
        if (newest[worth] != entry) {
            unlink(entry);
            append(entry, worth);
        }
    }

    int worth(int entry) {
        return list[entry];
    }

    void set(int entry, long macAddress, NeighbourState state, boolean isStatic) {
        CELL.setRelease(values, entry, macAddress | (long) state.ordinal() << 48 | (isStatic ? 1L << 51 : 0));
    }

    boolean isUsed(int entry) {
        return devices[entry] != FREE;
    }

    int device(int entry) {
        return devices[entry];
    }

    long high(int entry) {
        return highs[entry];
    }

    long low(int entry) {
        return lows[entry];
    }

    long macAddress(int entry) {
        return values[entry] & MAC_MASK;
    }

    NeighbourState state(int entry) {
        return STATES[(int) (values[entry] >>> 48) & 7];
    }

    /** Entries from here on have never been used. */
    int highWater() {
        return highWater;
    }

    /** Any thread: what the entries were at about the same time, each one consistent in itself. */
    List<NeighbourEntry> snapshot(int worker) {
        List<NeighbourEntry> entries = new ArrayList<>();
        for (int i = 0; i < capacity; i++) {
            NeighbourEntry entry = snapshot(i, worker);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** Any thread: one entry, or null; walks the table, so it is for questions, not for packets. */
    @Nullable NeighbourEntry snapshot(int device, Address address, int worker) {
        for (int i = 0; i < capacity; i++) {
            boolean candidate =
                    (int) DEVICE.getAcquire(devices, i) == device && (long) CELL.getAcquire(lows, i) == address.low();
            NeighbourEntry entry = candidate ? snapshot(i, worker) : null;
            if (entry != null && entry.device() == device && entry.address().equals(address)) {
                return entry;
            }
        }
        return null;
    }

    private @Nullable NeighbourEntry snapshot(int i, int worker) {
        int device = (int) DEVICE.getAcquire(devices, i);
        long high = (long) CELL.getAcquire(highs, i);
        long low = (long) CELL.getAcquire(lows, i);
        long value = (long) CELL.getAcquire(values, i);
        int waiting = queueLength[i];
        // An entry that was taken over in between is free or shows another key now.
        if (device == FREE
                || high != (long) CELL.getAcquire(highs, i)
                || low != (long) CELL.getAcquire(lows, i)
                || device != (int) DEVICE.getAcquire(devices, i)) {
            return null;
        }
        return new NeighbourEntry(
                device,
                new Address(high, low),
                value & MAC_MASK,
                STATES[(int) (value >>> 48) & 7],
                (value >>> 51 & 1) != 0,
                worker,
                waiting);
    }

    private void append(int entry, int worth) {
        list[entry] = worth;
        counts[worth]++;
        newer[entry] = NONE;
        older[entry] = newest[worth];
        if (newest[worth] == NONE) {
            oldest[worth] = entry;
        } else {
            newer[newest[worth]] = entry;
        }
        newest[worth] = entry;
    }

    private void unlink(int entry) {
        int worth = list[entry];
        counts[worth]--;
        if (older[entry] == NONE) {
            oldest[worth] = newer[entry];
        } else {
            newer[older[entry]] = newer[entry];
        }
        if (newer[entry] == NONE) {
            newest[worth] = older[entry];
        } else {
            older[newer[entry]] = older[entry];
        }
    }

    private int bucket(int device, long high, long low) {
        return (int) (Address.hash(high, low, device) >>> 40) & (buckets.length - 1);
    }
}

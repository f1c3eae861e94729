package jdpvs.stack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Which next hops did not answer ARP lately, and since when: the neighbour table forgets them after two seconds, and an operator asks later. Bounded: a
 * place per hash value, the newest failure takes it. Written by the worker, read by any thread.
 */
final class NeighbourFailures {
    /** A failure this old says nothing about now. */
    static final long REMEMBERED_MILLIS = 600_000;

    private static final int PLACES = 1024;
    private static final long FREE = -1;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] keys = new long[PLACES];
    private final long[] firstMillis = new long[PLACES];
    private final long[] lastMillis = new long[PLACES];

    NeighbourFailures() {
        Arrays.fill(keys, FREE);
    }

    void failed(int device, int address, long nowMillis) {
        long key = key(device, address);
        int place = place(key);
        boolean again = keys[place] == key && nowMillis - lastMillis[place] < REMEMBERED_MILLIS;
        if (!again) {
            CELL.setRelease(keys, place, FREE);
            CELL.setRelease(firstMillis, place, nowMillis);
        }
        CELL.setRelease(lastMillis, place, nowMillis);
        CELL.setRelease(keys, place, key);
    }

    void answered(int device, int address) {
        long key = key(device, address);
        int place = place(key);
        if (keys[place] == key) {
            CELL.setRelease(keys, place, FREE);
        }
    }

    /** Any thread: CLOCK_BOOTTIME milliseconds of the first failure since the last answer, or -1. */
    long sinceMillis(int device, int address, long nowMillis) {
        long key = key(device, address);
        int place = place(key);
        if ((long) CELL.getAcquire(keys, place) != key) {
            return -1;
        }
        long first = (long) CELL.getAcquire(firstMillis, place);
        long last = (long) CELL.getAcquire(lastMillis, place);
        boolean same = (long) CELL.getAcquire(keys, place) == key;
        return same && nowMillis - last < REMEMBERED_MILLIS ? first : -1;
    }

    private static long key(int device, int address) {
        return (long) device << 32 | (address & 0xffff_ffffL);
    }

    private static int place(long key) {
        return (int) ((key * 0x9e3779b97f4a7c15L) >>> 54);
    }
}

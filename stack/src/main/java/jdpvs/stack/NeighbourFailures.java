package jdpvs.stack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import jdpvs.wire.Address;

/**
 * Which next hops did not tell their MAC address lately, and since when: the neighbour table forgets them after two seconds, and an operator asks later. Bounded: a
 * place per hash value, the newest failure takes it. Written by the worker, read by any thread.
 */
final class NeighbourFailures {
    /** A failure this old says nothing about now. */
    static final long REMEMBERED_MILLIS = 600_000;

    private static final int PLACES = 1024;
    private static final int FREE = -1;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle DEVICE = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] devices = new int[PLACES];
    private final long[] highs = new long[PLACES];
    private final long[] lows = new long[PLACES];
    private final long[] firstMillis = new long[PLACES];
    private final long[] lastMillis = new long[PLACES];

    NeighbourFailures() {
        Arrays.fill(devices, FREE);
    }

    void failed(int device, long high, long low, long nowMillis) {
        int place = place(device, high, low);
        boolean again = is(place, device, high, low) && nowMillis - lastMillis[place] < REMEMBERED_MILLIS;
        if (!again) {
            DEVICE.setRelease(devices, place, FREE);
            CELL.setRelease(firstMillis, place, nowMillis);
        }
        CELL.setRelease(lastMillis, place, nowMillis);
        CELL.setRelease(highs, place, high);
        CELL.setRelease(lows, place, low);
        DEVICE.setRelease(devices, place, device);
    }

    void answered(int device, long high, long low) {
        int place = place(device, high, low);
        if (is(place, device, high, low)) {
            DEVICE.setRelease(devices, place, FREE);
        }
    }

    /** Any thread: CLOCK_BOOTTIME milliseconds of the first failure since the last answer, or -1. */
    long sinceMillis(int device, Address address, long nowMillis) {
        int place = place(device, address.high(), address.low());
        if (!is(place, device, address.high(), address.low())) {
            return -1;
        }
        long first = (long) CELL.getAcquire(firstMillis, place);
        long last = (long) CELL.getAcquire(lastMillis, place);
        boolean same = is(place, device, address.high(), address.low());
        return same && nowMillis - last < REMEMBERED_MILLIS ? first : -1;
    }

    private boolean is(int place, int device, long high, long low) {
        return (int) DEVICE.getAcquire(devices, place) == device
                && (long) CELL.getAcquire(highs, place) == high
                && (long) CELL.getAcquire(lows, place) == low;
    }

    private static int place(int device, long high, long low) {
        return (int) (Address.hash(high, low, device) >>> 54);
    }
}

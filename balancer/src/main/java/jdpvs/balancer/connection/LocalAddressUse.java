package jdpvs.balancer.connection;

import jdpvs.wire.Memory;

/**
 * How many connections of one worker each service has through each of its local addresses, for {@code ipvsadm -G}: written by the worker, read by
 * any thread. An open-addressing table of a fixed number of places; a pair without connections may give its place to another, and a pair that
 * finds none is not counted.
 *
 * <pre>
 *  0             4                    8              12
 *  +-------------+--------------------+--------------+--------------+
 *  | service id  | local address id+1 | connections  | unused       |
 *  +-------------+--------------------+--------------+--------------+
 * </pre>
 */
public final class LocalAddressUse {
    private static final int PLACE = 16;
    private static final int SMALLEST = 512;
    private static final int LARGEST = 1 << 16;
    /** How far a pair may stand from where it belongs: places are never emptied, so without a limit a full table would be walked whole. */
    private static final int PROBES = 64;

    private final long base;
    private final int mask;

    /** @param base {@link #memoryBytes} long, zero */
    LocalAddressUse(long base, int connections) {
        this.base = base;
        this.mask = places(connections) - 1;
    }

    static long memoryBytes(int connections) {
        return (long) places(connections) * PLACE;
    }

    private static int places(int connections) {
        return Math.clamp(Integer.highestOneBit(Math.max(1, connections / 32)), SMALLEST, LARGEST);
    }

    void add(int service, int localId) {
        long place = find(service, localId);
        if (place == 0) {
            place = claim(service, localId);
        }
        if (place != 0) {
            Memory.putInt(place + 8, Memory.getInt(place + 8) + 1);
        }
    }

    void subtract(int service, int localId) {
        long place = find(service, localId);
        if (place != 0) {
            Memory.putInt(place + 8, Math.max(0, Memory.getInt(place + 8) - 1));
        }
    }

    /** Connections of a service through a local address; any thread. */
    public int connections(int service, int localId) {
        long place = find(service, localId);
        return place == 0 ? 0 : Memory.getInt(place + 8);
    }

    private long find(int service, int localId) {
        int at = start(service, localId);
        for (int i = 0; i < PROBES; i++) {
            long place = base + (long) ((at + i) & mask) * PLACE;
            int local = Memory.getInt(place + 4);
            if (local == 0) {
                return 0;
            }
            if (local == localId + 1 && Memory.getInt(place) == service) {
                return place;
            }
        }
        return 0;
    }

    private long claim(int service, int localId) {
        int at = start(service, localId);
        for (int i = 0; i < PROBES; i++) {
            long place = base + (long) ((at + i) & mask) * PLACE;
            if (Memory.getInt(place + 4) == 0 || Memory.getInt(place + 8) == 0) {
                Memory.putInt(place + 8, 0);
                Memory.putInt(place, service);
                Memory.putInt(place + 4, localId + 1);
                return place;
            }
        }
        return 0;
    }

    private int start(int service, int localId) {
        return ((service * 0x9e3779b9 + localId * 0x85ebca6b) >>> 7) & mask;
    }
}

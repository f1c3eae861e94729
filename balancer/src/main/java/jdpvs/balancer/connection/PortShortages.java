package jdpvs.balancer.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * For which services and servers one worker found no local port, and how often: written by the worker, read by any thread. Bounded: when there is no
 * place left, the one that was silent longest gives its place up.
 */
public final class PortShortages {
    private static final int PLACES = 64;
    private static final int NONE = -1;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] keys = new long[PLACES];
    private final long[] counts = new long[PLACES];
    private final long[] latest = new long[PLACES];

    /** Is told of a service's server and its refusals since its place was taken. */
    public interface Visitor {
        void shortage(int service, int server, long refusals);
    }

    PortShortages() {
        java.util.Arrays.fill(keys, NONE);
    }

    /** The worker: a connection of the service to the server was refused because no local address had a free port. */
    public void refused(int service, int server, long nowMillis) {
        long key = (long) service << 32 | server;
        int place = 0;
        for (int i = 0; i < PLACES; i++) {
            if (keys[i] == key) {
                CELL.setOpaque(counts, i, counts[i] + 1);
                latest[i] = nowMillis;
                return;
            }
            if (keys[place] != NONE && (keys[i] == NONE || latest[i] < latest[place])) {
                place = i;
            }
        }
        // Between the two stores of a new owner a reader finds nobody.
        CELL.setRelease(keys, place, (long) NONE);
        CELL.setRelease(counts, place, 1L);
        latest[place] = nowMillis;
        CELL.setRelease(keys, place, key);
    }

    /** Any thread. */
    public void forEach(Visitor visitor) {
        for (int i = 0; i < PLACES; i++) {
            long key = (long) CELL.getAcquire(keys, i);
            long count = (long) CELL.getAcquire(counts, i);
            if (key != NONE && (long) CELL.getAcquire(keys, i) == key) {
                visitor.shortage((int) (key >>> 32), (int) key, count);
            }
        }
    }
}

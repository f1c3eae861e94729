package jdpvs.daemon.worker;

import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/** The rings between all pairs of workers, and what wakes each worker. */
public final class HandoverRings {
    private final int workers;
    private final @Nullable HandoverRing[] rings;
    private final Alarm[] alarms;

    public HandoverRings(Arena arena, int workers) {
        this.workers = workers;
        this.rings = new HandoverRing[workers * workers];
        this.alarms = new Alarm[workers];
        for (int from = 0; from < workers; from++) {
            alarms[from] = new Alarm();
            for (int to = 0; to < workers; to++) {
                if (from != to) {
                    rings[from * workers + to] = new HandoverRing(arena, ringBytes(workers));
                }
            }
        }
    }

    /** Room for some dozen of the largest frames, or a few thousand small ones; less each when there are many pairs. */
    private static int ringBytes(int workers) {
        return workers <= 4 ? 4 << 20 : 1 << 20;
    }

    /** What all rings take for this many workers, in bytes. */
    public static long bytes(int workers) {
        return (long) workers * (workers - 1) * ringBytes(workers);
    }

    int workers() {
        return workers;
    }

    HandoverRing ring(int from, int to) {
        HandoverRing ring = rings[from * workers + to];
        if (ring == null) {
            throw new IllegalArgumentException("worker " + from + " gives nothing to itself");
        }
        return ring;
    }

    Alarm alarm(int worker) {
        return alarms[worker];
    }

    public void close() {
        for (Alarm alarm : alarms) {
            alarm.close();
        }
    }
}

package jdpvs.daemon.worker;

import java.util.ArrayList;
import java.util.List;
import jdpvs.linux.Mapping;
import org.jspecify.annotations.Nullable;

/** The rings between all pairs of workers, and what wakes each worker. */
public final class HandoverRings {
    private final int workers;
    private final @Nullable HandoverRing[] rings;
    private final Alarm[] alarms;
    private final List<Mapping> memory = new ArrayList<>();

    /** The rings' memory is the system's until it is used: with many workers most pairs never hand anything over. */
    public HandoverRings(int workers) {
        this.workers = workers;
        this.rings = new HandoverRing[workers * workers];
        this.alarms = new Alarm[workers];
        for (int from = 0; from < workers; from++) {
            alarms[from] = new Alarm();
            for (int to = 0; to < workers; to++) {
                if (from != to) {
                    rings[from * workers + to] = ring(ringBytes(workers));
                }
            }
        }
    }

    private HandoverRing ring(int bytes) {
        Mapping mapping = Mapping.anonymous(bytes, false);
        memory.add(mapping);
        return new HandoverRing(mapping.address(), bytes);
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

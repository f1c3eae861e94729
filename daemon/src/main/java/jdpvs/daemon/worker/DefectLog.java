package jdpvs.daemon.worker;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What should never happen, from a worker that must not wait for a disk to a control thread that writes it down: at most one stack trace a
 * call, and how many more there were.
 */
final class DefectLog {
    private final AtomicReference<@Nullable Throwable> newest = new AtomicReference<>();
    private final AtomicLong count = new AtomicLong();

    /** The worker. */
    void report(Throwable defect) {
        count.incrementAndGet();
        newest.compareAndSet(null, defect);
    }

    /** A control thread, about once a second. */
    void write(Logger log, String worker) {
        Throwable defect = newest.getAndSet(null);
        if (defect != null) {
            log.error("worker {}: a defect raised {} exceptions, please report it", worker, count.getAndSet(0), defect);
        }
    }
}

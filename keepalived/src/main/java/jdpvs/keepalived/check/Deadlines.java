package jdpvs.keepalived.check;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes what takes too long: whoever waits at a channel then gets an exception, whatever it was waiting for. It is done behind the virtual threads that wait for a processor: an answer that is here
 * already must not count as late because this host was busy, or stood still.
 */
final class Deadlines {
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    /** For the kernel's events to reach those who wait for them. */
    static final long GRACE_MILLIS = 50;

    private Deadlines() {}

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("check deadlines").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    static Deadline in(Duration time, Closeable what) {
        long end = System.nanoTime() + time.toNanos();
        AtomicBoolean over = new AtomicBoolean();
        Future<?> closing = TIMER.schedule(
                () -> {
                    Thread _ = Thread.startVirtualThread(() -> closeLate(end, over, what));
                },
                time.toNanos(),
                TimeUnit.NANOSECONDS);
        return new Deadline(end, closing, over);
    }

    private static void closeLate(long end, AtomicBoolean over, Closeable what) {
        try {
            // As late as this thread comes, on a busy host, whoever waits for the answer may come too.
            long late = Math.max(0, System.nanoTime() - end);
            Thread.sleep(Duration.ofMillis(GRACE_MILLIS).plusNanos(late));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (over.compareAndSet(false, true)) {
            close(what);
        }
    }

    private static void close(Closeable what) {
        try {
            what.close();
        } catch (IOException _) {
            // It is closed for whoever waits at it all the same.
        }
    }

    /**
     * Of one phase of a conversation; to be closed when the phase is over.
     *
     * @param end by {@link System#nanoTime}
     * @param over the phase is over, or was ended
     */
    record Deadline(long end, Future<?> closing, AtomicBoolean over) implements AutoCloseable {
        boolean passed() {
            return remaining() <= 0;
        }

        /** Nanoseconds. */
        long remaining() {
            return end - System.nanoTime();
        }

        @Override
        public void close() {
            over.set(true);
            closing.cancel(false);
        }
    }
}

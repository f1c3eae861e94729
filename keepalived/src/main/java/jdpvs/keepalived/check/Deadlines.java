package jdpvs.keepalived.check;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Closes what takes too long: whoever waits at a channel then gets an exception, whatever it was waiting for. */
final class Deadlines {
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private Deadlines() {}

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("check deadlines").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    static Deadline in(Duration time, Closeable what) {
        long end = System.nanoTime() + time.toNanos();
        return new Deadline(end, TIMER.schedule(() -> close(what), time.toNanos(), TimeUnit.NANOSECONDS));
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
     */
    record Deadline(long end, Future<?> closing) implements AutoCloseable {
        boolean passed() {
            return remaining() <= 0;
        }

        /** Nanoseconds. */
        long remaining() {
            return end - System.nanoTime();
        }

        @Override
        public void close() {
            closing.cancel(false);
        }
    }
}

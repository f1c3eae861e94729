package jdpvs.process.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Carries lines to another appender on a thread of its own: who logs never waits for a disk or a log daemon. Lines that do not fit are lost, counted, and that is said in their place. */
final class QueuedAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("LOG");
    static final int BACKLOG = 8192;
    /** So long the end waits for what is queued. */
    private static final long FLUSH_MILLIS = 1000;

    private static final long LOOK_MILLIS = 50;

    /** So often at most it is said that lines are lost, while there is no end of them. */
    private static final long SAYING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Appender<ILoggingEvent> to;
    private final BlockingQueue<Line> queue = new ArrayBlockingQueue<>(BACKLOG);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;
    private volatile boolean ending;
    private long missing;
    private long saidNanos = System.nanoTime() - SAYING_NANOS;

    /** @param missing lines before it that were lost */
    private record Line(long missing, ILoggingEvent event) {}

    QueuedAppender(Appender<ILoggingEvent> to) {
        this.to = to;
        thread = Thread.ofPlatform().name("log").daemon().unstarted(this::carry);
    }

    /** Takes lines, which stay in the queue until {@link #begin}. */
    @Override
    public void start() {
        to.setContext(getContext());
        to.start();
        super.start();
    }

    void begin() {
        thread.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        long before = lost.getAndSet(0);
        if (!queue.offer(new Line(before, event))) {
            lost.addAndGet(before + 1);
        }
    }

    private void carry() {
        try {
            while (true) {
                Line line = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                missing += line == null ? lost.getAndSet(0) : line.missing();
                if (missing > 0 && (line == null || System.nanoTime() - saidNanos >= SAYING_NANOS)) {
                    sayWhatIsMissing();
                }
                if (line != null) {
                    give(line.event());
                } else if (ending) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        to.stop();
    }

    private void give(ILoggingEvent event) {
        try {
            to.doAppend(event);
        } catch (Error e) {
            // No memory for one line, for example. Without this thread all that follow would be lost.
            missing++;
        }
    }

    /** To this place alone: elsewhere nothing is missing. */
    private void sayWhatIsMissing() {
        ILoggingEvent event = new LoggingEvent(
                QueuedAppender.class.getName(),
                LOG,
                Level.WARN,
                "{} lines were lost here: the log took them too slowly",
                null,
                new Object[] {missing});
        saidNanos = System.nanoTime();
        missing = 0;
        give(event);
    }

    @Override
    public void stop() {
        super.stop();
        ending = true;
        try {
            thread.join(FLUSH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package jdpvs.process.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries lines to another appender on a thread of its own: who logs never waits for a disk or a log daemon. Lines that do not fit are lost, and counted. */
final class QueuedAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final Logger LOG = LoggerFactory.getLogger("LOG");
    private static final int BACKLOG = 8192;
    /** So long the end waits for what is queued. */
    private static final long FLUSH_MILLIS = 1000;

    private static final long LOOK_MILLIS = 50;

    private final Appender<ILoggingEvent> to;
    private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(BACKLOG);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;
    private volatile boolean ending;

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
        if (!queue.offer(event)) {
            lost.incrementAndGet();
        }
    }

    private void carry() {
        try {
            while (true) {
                ILoggingEvent event = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (event != null) {
                    to.doAppend(event);
                } else if (ending) {
                    break;
                }
                long missing = queue.isEmpty() ? lost.getAndSet(0) : 0;
                if (missing > 0) {
                    LOG.warn("{} lines were lost here: the log took them too slowly", missing);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        to.stop();
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

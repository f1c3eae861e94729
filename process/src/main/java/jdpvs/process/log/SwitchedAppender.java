package jdpvs.process.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.List;

/** Gives lines to some appenders, and from a moment on to others: no line is lost between them, and none comes twice. */
final class SwitchedAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private List<QueuedAppender> to = List.of();

    @Override
    protected synchronized void append(ILoggingEvent event) {
        to.forEach(each -> each.doAppend(event));
    }

    /** The next ones keep what is logged until those before have written theirs. */
    void switchTo(List<QueuedAppender> next) {
        next.forEach(each -> {
            each.setContext(getContext());
            each.start();
        });
        List<QueuedAppender> before;
        synchronized (this) {
            before = to;
            to = next;
        }
        before.forEach(QueuedAppender::stop);
        next.forEach(QueuedAppender::begin);
    }

    @Override
    public void stop() {
        super.stop();
        switchTo(List.of());
    }
}

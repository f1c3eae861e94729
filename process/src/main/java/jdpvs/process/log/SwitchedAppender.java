package jdpvs.process.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.List;

/** Gives lines to some appenders, and from a moment on to others: no line is lost between them, and none comes twice. */
final class SwitchedAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private List<QueuedAppender> to = List.of();

    @Override
    protected void append(ILoggingEvent event) {
        // Its text is made of others' objects, which may wait for somebody that logs: not under the lock.
        event.prepareForDeferredProcessing();
        synchronized (this) {
            to.forEach(each -> each.doAppend(event));
        }
    }

    synchronized boolean isIn(QueuedAppender one) {
        return to.contains(one);
    }

    /** Those that stay go on; new ones keep what is logged until those that go have written theirs. */
    void switchTo(List<QueuedAppender> next) {
        List<QueuedAppender> begin = new ArrayList<>(next);
        List<QueuedAppender> end;
        synchronized (this) {
            begin.removeAll(to);
            begin.forEach(each -> {
                each.setContext(getContext());
                each.start();
            });
            end = new ArrayList<>(to);
            end.removeAll(next);
            to = List.copyOf(next);
        }
        end.forEach(QueuedAppender::stop);
        begin.forEach(QueuedAppender::begin);
    }

    @Override
    public void stop() {
        super.stop();
        switchTo(List.of());
    }
}

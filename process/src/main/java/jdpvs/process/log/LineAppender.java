package jdpvs.process.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

/** Gives each line, with its syslog priority, to somebody: standard error, or libc's syslog. */
final class LineAppender extends AppenderBase<ILoggingEvent> {
    /** Takes one line. */
    interface Sink {
        /** @param priority RFC 5424 §6.2.1 severity: 3 error, 4 warning, 6 informational, 7 debug */
        void line(int priority, String line);
    }

    private final Sink sink;
    private final Level from;

    LineAppender(Sink sink) {
        this(sink, Level.TRACE);
    }

    /** @param from the least important level that it takes */
    LineAppender(Sink sink, Level from) {
        this.sink = sink;
        this.from = from;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(from)) {
            return;
        }
        sink.line(priority(event.getLevel()), LineLayout.line(event, false));
    }

    static int priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
    }
}

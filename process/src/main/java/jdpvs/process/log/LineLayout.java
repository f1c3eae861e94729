package jdpvs.process.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** {@code MODULE: text}, as DPVS's operators grep it (facts: behaviour §13); a logger's name is its module. */
final class LineLayout {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS ").withZone(ZoneId.systemDefault());

    private LineLayout() {}

    static String line(ILoggingEvent event, boolean timestamps) {
        StringBuilder line = new StringBuilder(120);
        if (timestamps) {
            TIME.formatTo(event.getInstant(), line);
        }
        String logger = event.getLoggerName();
        // Libraries name loggers after their classes.
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length());
        line.append(": ").append(event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            line.append('\n')
                    .append(ThrowableProxyUtil.asString(event.getThrowableProxy())
                            .stripTrailing());
        }
        return line.toString();
    }
}

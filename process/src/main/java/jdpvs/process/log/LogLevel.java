package jdpvs.process.log;

import ch.qos.logback.classic.Level;

/** {@code log_level} words and what they let through; our loggers know four levels, so neighbours share one. */
public enum LogLevel {
    EMERG,
    ALERT,
    CRIT,
    ERR,
    WARNING,
    NOTICE,
    INFO,
    DEBUG;

    Level threshold() {
        return switch (this) {
            case EMERG, ALERT, CRIT, ERR -> Level.ERROR;
            case WARNING -> Level.WARN;
            case NOTICE, INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
        };
    }
}

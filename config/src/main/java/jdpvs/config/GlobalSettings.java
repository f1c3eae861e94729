package jdpvs.config;

import org.jspecify.annotations.Nullable;

/**
 * {@code global_defs}.
 *
 * @param logLevel EMERG, ALERT, CRIT, ERR, WARNING, NOTICE, INFO or DEBUG
 * @param logFile null = syslog
 * @param sessionLog a file or {@code syslog}; null = no session log
 */
public record GlobalSettings(
        String logLevel,
        @Nullable String logFile,
        boolean logWithTimestamp,
        @Nullable String sessionLog) {}

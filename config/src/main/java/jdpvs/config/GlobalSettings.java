package jdpvs.config;

import org.jspecify.annotations.Nullable;

/**
 * {@code global_defs}.
 *
 * @param logLevel EMERG, ALERT, CRIT, ERR, WARNING, NOTICE, INFO or DEBUG
 * @param logFile null = syslog
 */
public record GlobalSettings(String logLevel, @Nullable String logFile, boolean logWithTimestamp) {}

package jdpvs.config.dpvs;

import org.jspecify.annotations.Nullable;

/**
 * {@code global_defs}.
 *
 * @param logLevel EMERG, ALERT, CRIT, ERR, WARNING, NOTICE, INFO or DEBUG
 * @param logFile null = syslog
 * @param sessionLog a file or {@code syslog}; null = no session log
 * @param kernelInterfaces whether devices and bonds with a {@code kni_name} have one
 */
public record GlobalSettings(
        String logLevel,
        @Nullable String logFile,
        boolean logWithTimestamp,
        @Nullable String sessionLog,
        boolean kernelInterfaces) {}

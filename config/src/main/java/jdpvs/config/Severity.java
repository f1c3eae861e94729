package jdpvs.config;

/** How much a message about the configuration matters. */
public enum Severity {
    NOTICE,
    WARNING,
    ERROR
}

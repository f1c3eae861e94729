package jdpvs.config;

/** How much a message about the configuration matters. */
public enum Severity {
    /** The echo of an accepted value. */
    INFO,
    /** What was adjusted or has no meaning here. */
    NOTICE,
    /** What was wrong and what was used instead; the start goes on. */
    WARNING,
    /** What makes a start of dpvs impossible; what keepalived leaves out of its work. */
    ERROR
}

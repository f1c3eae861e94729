package jdpvs.port.bond.lacp;

/** The constants of IEEE 802.1AX-2014 §6.4.4. */
final class LacpTimes {
    static final long FAST_PERIODIC_MILLIS = 1_000;
    static final long SLOW_PERIODIC_MILLIS = 30_000;

    /** Not the standard's: so long after the carrier has come a port that has heard nothing speaks again. */
    static final long REPEAT_MILLIS = 150;

    static final long SHORT_TIMEOUT_MILLIS = 3_000;
    static final long LONG_TIMEOUT_MILLIS = 90_000;
    static final long CHURN_DETECTION_MILLIS = 60_000;
    static final long AGGREGATE_WAIT_MILLIS = 2_000;

    /** PDUs that a port sends within {@link #FAST_PERIODIC_MILLIS} at most (§6.4.16). */
    static final int PDUS_PER_FAST_PERIOD = 3;

    private LacpTimes() {}
}

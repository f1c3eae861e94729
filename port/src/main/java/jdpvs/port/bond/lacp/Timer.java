package jdpvs.port.bond.lacp;

/** One timer of a machine, asked instead of ringing; milliseconds of whatever clock the bond is given. */
final class Timer {
    private static final long STOPPED = Long.MAX_VALUE;

    private long deadlineMillis = STOPPED;

    void start(long nowMillis, long periodMillis) {
        deadlineMillis = nowMillis + periodMillis;
    }

    void stop() {
        deadlineMillis = STOPPED;
    }

    boolean isStopped() {
        return deadlineMillis == STOPPED;
    }

    boolean isExpired(long nowMillis) {
        return nowMillis >= deadlineMillis;
    }
}

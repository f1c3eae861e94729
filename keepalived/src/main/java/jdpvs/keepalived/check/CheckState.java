package jdpvs.keepalived.check;

import jdpvs.keepalived.configuration.CheckSettings.Timing;

/**
 * What one check believes and when it asks next (facts: config §11.7). Pure: time is nanoseconds of any clock, passed in.
 *
 * <p>A failure of a check that is up counts after the retries have failed as well, a failure of the very first attempt at once. Down, it asks every interval, and the needed number of successes in a row
 * brings it up.
 */
final class CheckState {
    /** So much rest a check has at least after an attempt that took longer than its interval. */
    private static final long REST_NANOS = 1_000_000_000L;

    /** What a result brought. */
    enum Event {
        NONE,
        /** It failed and is tried again; nothing follows from it yet. */
        RETRY,
        UP,
        DOWN
    }

    private final Timing timing;
    private final int successesNeeded;
    private boolean up;
    private boolean hasRun;
    private int failuresInRow;
    private int successesInRow;
    private long next;

    /**
     * @param up what is believed before the first result
     * @param settled whether that is knowledge: then the first attempt has retries like any other
     * @param first when the first attempt is due
     */
    CheckState(Timing timing, int successesNeeded, boolean up, boolean settled, long first) {
        this.timing = timing;
        this.successesNeeded = successesNeeded;
        this.up = up;
        this.hasRun = settled;
        this.next = first;
    }

    boolean up() {
        return up;
    }

    /** Whether there was a result, or what one would have told was known before. */
    boolean hasRun() {
        return hasRun;
    }

    /** When the next attempt is due. */
    long next() {
        return next;
    }

    /** Retries that failed before the check went down; 0 when it had none. */
    int retriesUsed() {
        return Math.max(0, failuresInRow - 1);
    }

    /** The attempt could not be made: nothing is known, and it is due again soon. */
    void undecided(long ended) {
        next = ended + Math.min(REST_NANOS, timing.interval().toNanos());
    }

    /**
     * @param started when the attempt began
     * @param ended when its result was there
     */
    Event result(boolean ok, long started, long ended) {
        boolean first = !hasRun;
        hasRun = true;
        next = Math.max(
                started + timing.interval().toNanos(),
                ended + Math.min(REST_NANOS, timing.interval().toNanos()));
        if (ok) {
            failuresInRow = 0;
            successesInRow++;
            if (!up && successesInRow >= successesNeeded) {
                up = true;
                return Event.UP;
            }
            return first && up ? Event.UP : Event.NONE;
        }
        successesInRow = 0;
        if (!up) {
            failuresInRow = 0;
            return first ? Event.DOWN : Event.NONE;
        }
        failuresInRow++;
        if (!first && failuresInRow <= timing.retries()) {
            next = ended + timing.retryDelay().toNanos();
            return Event.RETRY;
        }
        up = false;
        return Event.DOWN;
    }
}

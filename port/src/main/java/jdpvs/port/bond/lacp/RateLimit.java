package jdpvs.port.bond.lacp;

/** No more than so many events in any interval of a length, however it is laid: the time of the n-th last event is remembered. */
final class RateLimit {
    private final long[] timesMillis;
    private final long periodMillis;
    private int count;

    RateLimit(int events, long periodMillis) {
        timesMillis = new long[events];
        this.periodMillis = periodMillis;
    }

    /** Whether the event may happen; then it is counted. */
    boolean tryAcquire(long nowMillis) {
        int slot = count % timesMillis.length;
        if (count >= timesMillis.length && nowMillis - timesMillis[slot] < periodMillis) {
            return false;
        }
        timesMillis[slot] = nowMillis;
        // Stays in the second round of the ring.
        count = count + 1 == 2 * timesMillis.length ? timesMillis.length : count + 1;
        return true;
    }
}

package jdpvs.stack;

/** So many events a second, with a burst of a twentieth of that (at least one). */
public final class TokenBucket {
    private final int perSecond;
    private final long capacityThousandths;
    private long thousandths;
    private long filledMillis;

    public TokenBucket(int perSecond, long nowMillis) {
        this.perSecond = perSecond;
        this.capacityThousandths = Math.max(1, perSecond / 20) * 1000L;
        this.thousandths = capacityThousandths;
        this.filledMillis = nowMillis;
    }

    public boolean take(long nowMillis) {
        long elapsed = Math.min(nowMillis - filledMillis, 1000);
        if (elapsed > 0) {
            thousandths = Math.min(capacityThousandths, thousandths + elapsed * perSecond);
            filledMillis = nowMillis;
        }
        if (thousandths < 1000) {
            return false;
        }
        thousandths -= 1000;
        return true;
    }
}

package jdpvs.keepalived.vrrp;

import jdpvs.keepalived.configuration.VrrpInstance.Announcements;

/** When a master's addresses are announced: some times at once, again after a delay, and then now and again. */
final class Rounds {
    private long secondAt = VirtualRouter.NEVER;
    private int secondRepeat;
    private long refreshAt = VirtualRouter.NEVER;
    private long refreshEvery;
    private int refreshRepeat;
    private int pending;
    private long spacing;
    private long pendingAt = Long.MIN_VALUE;

    /** Nanoseconds between two; 0 = none. */
    void setSpacing(long nanos) {
        spacing = nanos;
    }

    /** After a transition to master. */
    void begin(Announcements how, long now) {
        pending = Math.max(pending, how.repeat());
        second(how.repeat(), how.delay().toNanos(), now);
        refresh(how, now);
    }

    /** Only the now and again is another. */
    void refresh(Announcements how, long now) {
        refreshEvery = how.refresh().toNanos();
        refreshRepeat = how.refreshRepeat();
        refreshAt = refreshEvery == 0 ? VirtualRouter.NEVER : now + refreshEvery;
    }

    /** After a master of lower priority was heard, which may have had its own announced. */
    void lower(Announcements how, long now) {
        pending = Math.max(pending, how.lowerPriorityRepeat());
        second(how.lowerPriorityRepeat(), how.lowerPriorityDelay().toNanos(), now);
    }

    private void second(int repeat, long delay, long now) {
        if (delay > 0 && repeat > 0) {
            secondAt = now + delay;
            secondRepeat = repeat;
        }
    }

    void end() {
        pending = 0;
        secondAt = VirtualRouter.NEVER;
        refreshAt = VirtualRouter.NEVER;
    }

    /** When {@link #due} is to be asked. */
    long next() {
        return Math.min(pending > 0 ? pendingAt : VirtualRouter.NEVER, Math.min(secondAt, refreshAt));
    }

    /** How many are due now. */
    int due(long now) {
        if (now >= secondAt) {
            pending += secondRepeat;
            secondAt = VirtualRouter.NEVER;
        }
        if (now >= refreshAt) {
            pending += refreshRepeat;
            refreshAt = now + refreshEvery;
        }
        if (pending == 0 || now < pendingAt) {
            return 0;
        }
        int count = spacing == 0 ? pending : 1;
        pending -= count;
        pendingAt = spacing == 0 ? Long.MIN_VALUE : now + spacing;
        return count;
    }
}

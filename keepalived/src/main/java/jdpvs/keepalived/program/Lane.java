package jdpvs.keepalived.program;

import org.jspecify.annotations.Nullable;

/** A connection to dpvs with at most one transaction under way, and what was learnt of refusals on it. The programmer's thread alone. */
final class Lane {
    private static final int PATIENCE = 4;

    /** A dpvs that was just started is slow at first. */
    private static final int MOST_AT_FIRST = 64;

    @Nullable Plan underWay;

    private int most = Integer.MAX_VALUE;
    private int refusals;
    private boolean untried;

    boolean isFree() {
        return underWay == null;
    }

    /** The most items of the next transaction. */
    int most() {
        return most;
    }

    /** For a dpvs that has nothing yet: an address that is wanted meanwhile must not wait for thousands of services. */
    void begin() {
        most = MOST_AT_FIRST;
        untried = true;
    }

    /** There is nothing to send: what comes next is one transaction, unless it is the first. */
    void idle() {
        if (!untried) {
            most = Integer.MAX_VALUE;
        }
    }

    /** When much is refused, one refusal for each transaction of the whole would take for ever: transactions become small, and large again when they succeed. */
    void applied() {
        untried = false;
        refusals = 0;
        most = most > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : most * 2;
    }

    /** @param named whether the refusal says which change it is about */
    void refused(Plan plan, boolean named) {
        if (!named || ++refusals >= PATIENCE) {
            most = Math.max(1, plan.items().size() / 2);
        }
    }
}

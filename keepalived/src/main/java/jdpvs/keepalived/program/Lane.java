package jdpvs.keepalived.program;

import org.jspecify.annotations.Nullable;

/** A connection to dpvs with at most one transaction under way, and what was learnt of refusals on it. The programmer's thread alone. */
final class Lane {
    private static final int PATIENCE = 4;

    @Nullable Plan underWay;

    private int most = Integer.MAX_VALUE;
    private int refusals;

    boolean isFree() {
        return underWay == null;
    }

    /** The most items of the next transaction. */
    int most() {
        return most;
    }

    /** When much is refused, one refusal for each transaction of the whole would take for ever: transactions become small, and large again when they succeed. */
    void applied() {
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

package jdpvs.port.bond;

/** One slave's carrier as the bond believes it: a change counts when it has lasted. */
final class CarrierWatch {
    private boolean believed;
    private boolean seen;
    private long sinceMillis;
    private int losses;

    /** @return what is believed now */
    boolean look(boolean up, long nowMillis, BondOptions options) {
        if (up != seen) {
            seen = up;
            sinceMillis = nowMillis;
        }
        int delay = up ? options.upDelayMillis() : options.downDelayMillis();
        if (seen != believed && nowMillis - sinceMillis >= delay) {
            believed = seen;
            losses += believed ? 0 : 1;
        }
        return believed;
    }

    boolean isUp() {
        return believed;
    }

    /** How often it was lost. */
    int losses() {
        return losses;
    }
}

package jdpvs.port.bond.lacp;

/** A churn detection machine (IEEE 802.1AX-2014 §6.4.17), the actor's or the partner's: whether that side is in sync a minute after the link came. */
final class ChurnMachine {
    private final Timer churn = new Timer();
    private ChurnState state = ChurnState.CHURN_MONITOR;

    ChurnState state() {
        return state;
    }

    void step(boolean portEnabled, boolean synchronization, long nowMillis) {
        if (!portEnabled) {
            state = ChurnState.CHURN_MONITOR;
            churn.stop();
        } else if (synchronization) {
            state = ChurnState.NO_CHURN;
        } else if (state == ChurnState.NO_CHURN || churn.isStopped()) {
            state = ChurnState.CHURN_MONITOR;
            churn.start(nowMillis, LacpTimes.CHURN_DETECTION_MILLIS);
        } else if (churn.isExpired(nowMillis)) {
            state = ChurnState.CHURN;
        }
    }
}

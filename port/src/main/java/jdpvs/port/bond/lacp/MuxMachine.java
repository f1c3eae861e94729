package jdpvs.port.bond.lacp;

import jdpvs.wire.slow.LacpState;

/**
 * The mux machine with independent control of collecting and distributing (IEEE 802.1AX-2014 §6.4.15): a port first takes frames, and sends some only when its partner takes them, so that none is lost
 * at either end.
 *
 * <pre>
 *            selected          all waited 2 s         partner in sync         partner collects
 *  DETACHED ─────────→ WAITING ──────────→ ATTACHED ──────────────→ COLLECTING ───────→ DISTRIBUTING
 *     ↑                   │ unselected        │ unselected, standby   │ also: partner        │ also: partner
 *     └───────────────────┴───────────────────┘←──────────────────────┘ out of sync ←────────┘ out of sync, not collecting
 * </pre>
 */
final class MuxMachine {
    private final PortVariables variables;
    private final Timer waitWhile = new Timer();
    private MuxState state = MuxState.DETACHED;

    /** BEGIN. */
    MuxMachine(PortVariables variables) {
        this.variables = variables;
        enter(MuxState.DETACHED, 0);
    }

    MuxState state() {
        return state;
    }

    /** Ready_N: this port has waited for others that might join the same aggregator. */
    boolean isReady(long nowMillis) {
        return state == MuxState.WAITING && waitWhile.isExpired(nowMillis);
    }

    /**
     * Moves on as far as it goes.
     *
     * @param ready every port that waits for this port's aggregator {@link #isReady}
     */
    void step(boolean ready, long nowMillis) {
        MuxState next = next(ready);
        while (next != state) {
            enter(next, nowMillis);
            // Whether a port that has begun to wait just now is ready is a question for the next step.
            next = next == MuxState.WAITING ? next : next(ready);
        }
    }

    private MuxState next(boolean ready) {
        boolean selected = variables.selected == Selected.SELECTED;
        boolean partnerInSync = variables.partner.has(LacpState.SYNCHRONIZATION);
        boolean partnerCollects = variables.partner.has(LacpState.COLLECTING);
        return switch (state) {
            case DETACHED -> variables.selected == Selected.UNSELECTED ? state : MuxState.WAITING;
            case WAITING -> {
                if (variables.selected == Selected.UNSELECTED) {
                    yield MuxState.DETACHED;
                }
                yield selected && ready ? MuxState.ATTACHED : state;
            }
            case ATTACHED -> {
                if (!selected) {
                    yield MuxState.DETACHED;
                }
                yield partnerInSync ? MuxState.COLLECTING : state;
            }
            case COLLECTING -> {
                if (!selected || !partnerInSync) {
                    yield MuxState.ATTACHED;
                }
                yield partnerCollects ? MuxState.DISTRIBUTING : state;
            }
            case DISTRIBUTING -> selected && partnerInSync && partnerCollects ? state : MuxState.COLLECTING;
        };
    }

    private void enter(MuxState next, long nowMillis) {
        state = next;
        variables.setActor(LacpState.DISTRIBUTING, next == MuxState.DISTRIBUTING);
        switch (next) {
            case WAITING -> waitWhile.start(nowMillis, LacpTimes.AGGREGATE_WAIT_MILLIS);
            case DETACHED, ATTACHED -> {
                variables.setActor(LacpState.SYNCHRONIZATION, next == MuxState.ATTACHED);
                variables.setActor(LacpState.COLLECTING, false);
                variables.needToTransmit = true;
            }
            case COLLECTING -> {
                variables.setActor(LacpState.COLLECTING, true);
                variables.needToTransmit = true;
            }
            // The partner asks nobody whether we distribute: no PDU for that.
            case DISTRIBUTING -> {}
        }
    }
}

package jdpvs.port.bond.lacp;

import jdpvs.wire.slow.LacpState;

/**
 * The periodic transmission machine (IEEE 802.1AX-2014 §6.4.13): a PDU as often as the partner wants to hear one, every second or every 30.
 *
 * <p>And one more soon after the carrier has come, when nothing was heard by then: the first one is easily lost, for the other end may take its own carrier for true a little later, and the next
 * would come after a second, for which the slave stays unused. Of the three PDUs that a second may have (§6.4.16) the third is left for the answer to the partner.
 */
final class PeriodicMachine {
    private final PortVariables variables;
    private final Timer periodic = new Timer();
    private final Timer repeat = new Timer();
    private PeriodicState state = PeriodicState.NO_PERIODIC;

    PeriodicMachine(PortVariables variables) {
        this.variables = variables;
    }

    PeriodicState state() {
        return state;
    }

    void step(long nowMillis) {
        boolean bothPassive = !variables.actorHas(LacpState.ACTIVITY) && !variables.partner.has(LacpState.ACTIVITY);
        if (!variables.portEnabled || bothPassive) {
            periodic.stop();
            repeat.stop();
            state = PeriodicState.NO_PERIODIC;
            return;
        }
        boolean fast = variables.partner.has(LacpState.TIMEOUT);
        switch (state) {
            case NO_PERIODIC -> {
                enter(PeriodicState.FAST_PERIODIC, nowMillis);
                repeat.start(nowMillis, LacpTimes.REPEAT_MILLIS);
            }
            case FAST_PERIODIC -> {
                if (periodic.isExpired(nowMillis)) {
                    transmit(fast, nowMillis);
                }
            }
            case SLOW_PERIODIC -> {
                if (fast || periodic.isExpired(nowMillis)) {
                    transmit(fast, nowMillis);
                }
            }
        }
        if (repeat.isExpired(nowMillis)) {
            repeat.stop();
            variables.needToTransmit |= variables.actorHas(LacpState.EXPIRED);
        }
        if (state == PeriodicState.FAST_PERIODIC && !fast) {
            enter(PeriodicState.SLOW_PERIODIC, nowMillis);
        }
    }

    /** PERIODIC_TX. */
    private void transmit(boolean fast, long nowMillis) {
        variables.needToTransmit = true;
        enter(fast ? PeriodicState.FAST_PERIODIC : PeriodicState.SLOW_PERIODIC, nowMillis);
    }

    private void enter(PeriodicState next, long nowMillis) {
        boolean fast = next == PeriodicState.FAST_PERIODIC;
        periodic.start(nowMillis, fast ? LacpTimes.FAST_PERIODIC_MILLIS : LacpTimes.SLOW_PERIODIC_MILLIS);
        state = next;
    }
}

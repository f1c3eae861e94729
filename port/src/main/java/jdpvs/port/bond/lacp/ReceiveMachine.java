package jdpvs.port.bond.lacp;

import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.LacpParty;
import jdpvs.wire.slow.LacpState;

/**
 * The receive machine (IEEE 802.1AX-2014 §6.4.12): what is known of the partner, and whether it is still true.
 *
 * <pre>
 *                        carrier                3 s               3 s
 *  INITIALIZE → PORT_DISABLED ────────→ EXPIRED ───→ DEFAULTED      ┌── CURRENT ←── PDU (from any state with carrier)
 *                  ↑                      ↑                         │ 3 s or 90 s without
 *                  └ no carrier, any      └─────────────────────────┘
 * </pre>
 */
final class ReceiveMachine {
    private final PortVariables variables;
    private final Timer currentWhile = new Timer();
    private ReceiveState state = ReceiveState.INITIALIZE;

    /** BEGIN. */
    ReceiveMachine(PortVariables variables) {
        this.variables = variables;
        initialize();
    }

    ReceiveState state() {
        return state;
    }

    /** Lets carrier and time have their effect. */
    void step(long nowMillis) {
        if (variables.portMoved && state == ReceiveState.PORT_DISABLED) {
            initialize();
        }
        if (!variables.portEnabled) {
            if (state != ReceiveState.PORT_DISABLED) {
                portDisabled();
            }
        } else if (state == ReceiveState.PORT_DISABLED) {
            expired(nowMillis);
        } else if (currentWhile.isExpired(nowMillis)) {
            if (state == ReceiveState.CURRENT) {
                expired(nowMillis);
            } else {
                defaulted();
            }
        }
    }

    /** A LACPDU has come; without carrier it is nothing. */
    void receive(LacpMessage message, long nowMillis) {
        if (!variables.portEnabled) {
            return;
        }
        updateSelected(message.actor());
        updateNeedToTransmit(message.partner());
        record(message);
        boolean shortTimeout = variables.actorHas(LacpState.TIMEOUT);
        currentWhile.start(nowMillis, shortTimeout ? LacpTimes.SHORT_TIMEOUT_MILLIS : LacpTimes.LONG_TIMEOUT_MILLIS);
        variables.setActor(LacpState.EXPIRED, false);
        state = ReceiveState.CURRENT;
    }

    private void initialize() {
        variables.selected = Selected.UNSELECTED;
        recordDefault();
        variables.setActor(LacpState.EXPIRED, false);
        variables.portMoved = false;
        portDisabled();
    }

    private void portDisabled() {
        variables.setPartner(LacpState.SYNCHRONIZATION, false);
        currentWhile.stop();
        state = ReceiveState.PORT_DISABLED;
    }

    private void expired(long nowMillis) {
        variables.setPartner(LacpState.SYNCHRONIZATION, false);
        variables.setPartner(LacpState.TIMEOUT, true);
        currentWhile.start(nowMillis, LacpTimes.SHORT_TIMEOUT_MILLIS);
        variables.setActor(LacpState.EXPIRED, true);
        state = ReceiveState.EXPIRED;
    }

    private void defaulted() {
        // update_Default_Selected
        if (!variables.partner.matches(PortVariables.PARTNER_ADMIN, LacpState.AGGREGATION)) {
            variables.selected = Selected.UNSELECTED;
        }
        recordDefault();
        variables.setActor(LacpState.EXPIRED, false);
        currentWhile.stop();
        state = ReceiveState.DEFAULTED;
    }

    private void recordDefault() {
        variables.partner = PortVariables.PARTNER_ADMIN;
        variables.setActor(LacpState.DEFAULTED, true);
    }

    /** Another partner than before, or another wish of the same: the aggregator must be chosen anew. */
    private void updateSelected(LacpParty sender) {
        if (!sender.matches(variables.partner, LacpState.AGGREGATION)) {
            variables.selected = Selected.UNSELECTED;
        }
    }

    /** What the partner believes of us is out of date: tell it. */
    private void updateNeedToTransmit(LacpParty believed) {
        int told = LacpState.ACTIVITY | LacpState.TIMEOUT | LacpState.SYNCHRONIZATION | LacpState.AGGREGATION;
        if (!believed.matches(variables.actor, told)) {
            variables.needToTransmit = true;
        }
    }

    /**
     * recordPDU (§6.4.9). That the partner says it is in sync counts only when it means this port (or stands alone), and when one of both keeps the PDUs flowing, so that the end of the link would
     * be noticed.
     */
    private void record(LacpMessage message) {
        LacpParty sender = message.actor();
        boolean meansUs = message.partner().matches(variables.actor, LacpState.AGGREGATION);
        boolean alone = !sender.has(LacpState.AGGREGATION);
        boolean maintained = sender.has(LacpState.ACTIVITY)
                || (variables.actorHas(LacpState.ACTIVITY) && message.partner().has(LacpState.ACTIVITY));
        boolean synchronization = sender.has(LacpState.SYNCHRONIZATION) && (meansUs || alone) && maintained;
        variables.partner = sender.with(LacpState.SYNCHRONIZATION, synchronization);
        variables.setActor(LacpState.DEFAULTED, false);
    }
}

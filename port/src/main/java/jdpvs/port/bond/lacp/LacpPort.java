package jdpvs.port.bond.lacp;

import jdpvs.port.LinkState;
import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.LacpParty;
import jdpvs.wire.slow.LacpState;
import jdpvs.wire.slow.MarkerMessage;

/**
 * One aggregation port: its variables and machines. Something happens to it ({@link #link}, {@link #receive}, time); {@link #observe} then draws what follows without an aggregator, the bond
 * selects, and {@link #conclude} draws the rest and sends.
 */
final class LacpPort {
    /** Frames of one slow protocol in a second (IEEE 802.3 annex 57A.3). */
    private static final int MARKER_RESPONSES_PER_SECOND = 10;

    private final int slave;
    private final LacpOptions options;
    private final LacpSink sink;
    private final PortVariables variables;
    private final ReceiveMachine receiveMachine;
    private final PeriodicMachine periodicMachine;
    private final MuxMachine muxMachine;
    private final ChurnMachine actorChurn = new ChurnMachine();
    private final ChurnMachine partnerChurn = new ChurnMachine();
    private final RateLimit pduLimit = new RateLimit(LacpTimes.PDUS_PER_FAST_PERIOD, LacpTimes.FAST_PERIODIC_MILLIS);
    private final RateLimit markerLimit = new RateLimit(MARKER_RESPONSES_PER_SECOND, 1000);

    private int speedMegabits;
    private long pdusIn;
    private long pdusOut;
    private long bad;
    private long markersIn;
    private long markerResponsesIn;
    private long markerResponsesOut;

    LacpPort(int slave, LacpOptions options, LacpSink sink) {
        this.slave = slave;
        this.options = options;
        this.sink = sink;
        int state = LacpState.ACTIVITY | LacpState.AGGREGATION | (options.fast() ? LacpState.TIMEOUT : 0);
        variables = new PortVariables(
                new LacpParty(options.systemPriority(), options.system(), 0, options.portPriority(), slave + 1, state));
        receiveMachine = new ReceiveMachine(variables);
        periodicMachine = new PeriodicMachine(variables);
        muxMachine = new MuxMachine(variables);
    }

    /** A link of another speed or duplex is another kind of link: the port leaves its aggregator. */
    void link(LinkState link) {
        variables.portEnabled = link.up();
        if (!link.up()) {
            return;
        }
        LacpParty actor = variables.actor;
        int key = LacpKey.of(options.adminKey(), link);
        if (key != actor.key()) {
            variables.selected = Selected.UNSELECTED;
            variables.needToTransmit = true;
        }
        speedMegabits = link.speedMegabits();
        // Two stations on a half duplex link cannot be aggregated (§6.4.7, Port_Operational_MAC).
        variables.actor = new LacpParty(
                actor.systemPriority(),
                actor.system(),
                key,
                actor.portPriority(),
                actor.port(),
                LacpState.with(actor.state(), LacpState.AGGREGATION, link.fullDuplex()));
    }

    void receive(LacpMessage message, long nowMillis) {
        pdusIn++;
        receiveMachine.receive(message, nowMillis);
    }

    void receive(MarkerMessage marker, long nowMillis) {
        if (marker.response()) {
            markerResponsesIn++;
            return;
        }
        markersIn++;
        if (variables.portEnabled && markerLimit.tryAcquire(nowMillis)) {
            markerResponsesOut++;
            sink.send(slave, marker.answer());
        }
    }

    void bad() {
        bad++;
    }

    /** The partner that this port had when its carrier went has been heard on another port: it has been moved there (§6.4.8, port_moved). */
    void partnerHeardElsewhere(LacpParty sender) {
        LacpParty partner = variables.partner;
        boolean known = !variables.actorHas(LacpState.DEFAULTED);
        if (receiveMachine.state() == ReceiveState.PORT_DISABLED
                && known
                && partner.system() == sender.system()
                && partner.port() == sender.port()) {
            variables.portMoved = true;
        }
    }

    void observe(long nowMillis) {
        receiveMachine.step(nowMillis);
        // A port that has lost its aggregator must be off it before it is given another (§6.4.14.1).
        muxMachine.step(false, nowMillis);
    }

    /** @param ready whether all ports that wait for this one's aggregator have waited long enough */
    void conclude(boolean ready, long nowMillis) {
        muxMachine.step(ready, nowMillis);
        periodicMachine.step(nowMillis);
        boolean enabled = variables.portEnabled;
        actorChurn.step(enabled, variables.actorHas(LacpState.SYNCHRONIZATION), nowMillis);
        partnerChurn.step(enabled, variables.partner.has(LacpState.SYNCHRONIZATION), nowMillis);
        if (variables.needToTransmit && enabled && pduLimit.tryAcquire(nowMillis)) {
            transmit();
        }
    }

    /** Tells the partner at once that it can no longer send here, outside of any limit: nothing follows. */
    void leave(long nowMillis) {
        variables.selected = Selected.UNSELECTED;
        muxMachine.step(false, nowMillis);
        if (variables.portEnabled) {
            transmit();
        }
    }

    private void transmit() {
        variables.needToTransmit = false;
        pdusOut++;
        sink.send(slave, new LacpMessage(variables.actor, variables.partner, 0));
    }

    void select(Selected selected) {
        variables.selected = selected;
    }

    Selected selected() {
        return variables.selected;
    }

    LagId lag() {
        return LagId.of(variables.actor, variables.partner);
    }

    boolean hasCarrier() {
        return variables.portEnabled;
    }

    int speedMegabits() {
        return speedMegabits;
    }

    ReceiveState receiveState() {
        return receiveMachine.state();
    }

    /** Its partner is known, also where it has just fallen silent. */
    boolean hasPartner() {
        return !variables.actorHas(LacpState.DEFAULTED);
    }

    /** The other end of the link is this system: a loop plug, or two ports of the bond with each other. */
    boolean isLooped() {
        return hasPartner() && variables.partner.system() == variables.actor.system();
    }

    /** The partner has the smaller system identifier, which is the higher priority (§6.3.2). */
    boolean isPartnerLeading() {
        LacpParty actor = variables.actor;
        LacpParty partner = variables.partner;
        return partner.systemPriority() != actor.systemPriority()
                ? partner.systemPriority() < actor.systemPriority()
                : partner.system() < actor.system();
    }

    boolean isPartnerInSync() {
        return variables.partner.has(LacpState.SYNCHRONIZATION);
    }

    boolean isPartnerChurning() {
        return partnerChurn.state() == ChurnState.CHURN;
    }

    MuxState muxState() {
        return muxMachine.state();
    }

    boolean isReady(long nowMillis) {
        return muxMachine.isReady(nowMillis);
    }

    LacpStatus status(int aggregator) {
        return new LacpStatus(
                slave,
                variables.portEnabled,
                variables.actor,
                variables.partner,
                receiveMachine.state(),
                periodicMachine.state(),
                muxMachine.state(),
                variables.selected,
                aggregator,
                isLooped(),
                actorChurn.state(),
                partnerChurn.state(),
                new LacpCounters(pdusIn, pdusOut, bad, markersIn, markerResponsesIn, markerResponsesOut));
    }
}

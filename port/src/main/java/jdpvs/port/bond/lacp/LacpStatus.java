package jdpvs.port.bond.lacp;

import jdpvs.wire.slow.LacpParty;

/**
 * One slave, for whoever wants to read it; immutable.
 *
 * @param slave index from 0
 * @param carrier the link has carrier
 * @param actor what we say of this port
 * @param partner what the partner says of itself, or the default
 * @param aggregator the lowest port number in the group this port belongs to; 0 while it belongs to none
 * @param looped our own PDUs come back: the port is never used
 * @param actorChurn whether we are in sync, or fail to
 * @param partnerChurn likewise the partner
 */
public record LacpStatus(
        int slave,
        boolean carrier,
        LacpParty actor,
        LacpParty partner,
        ReceiveState receive,
        PeriodicState periodic,
        MuxState mux,
        Selected selected,
        int aggregator,
        boolean looped,
        ChurnState actorChurn,
        ChurnState partnerChurn,
        LacpCounters counters) {
    /** Whether the port belongs to the aggregator that the bond uses. */
    public boolean isActive() {
        return selected == Selected.SELECTED;
    }
}

package jdpvs.port.bond.lacp;

import jdpvs.wire.slow.LacpParty;
import jdpvs.wire.slow.LacpState;

/** The variables of one port that its machines share (IEEE 802.1AX-2014 §6.4.7 and §6.4.8). */
final class PortVariables {
    /**
     * Whom the port takes for its partner while it has heard of none. Alone, in sync and collecting, because a link without LACP at its other end does carry frames; with short timeout, so that a
     * partner that only answers is spoken to every second.
     */
    static final LacpParty PARTNER_ADMIN = new LacpParty(
            0,
            0,
            0,
            0,
            0,
            LacpState.TIMEOUT | LacpState.SYNCHRONIZATION | LacpState.COLLECTING | LacpState.DISTRIBUTING);

    /** Actor_Oper_…: what the port's own PDUs say. */
    LacpParty actor;

    /** Partner_Oper_…: what the partner's PDUs say, or the default. */
    LacpParty partner = PARTNER_ADMIN;

    boolean portEnabled;
    boolean portMoved;
    boolean needToTransmit;
    Selected selected = Selected.UNSELECTED;

    PortVariables(LacpParty actor) {
        this.actor = actor;
    }

    boolean actorHas(int bit) {
        return actor.has(bit);
    }

    void setActor(int bit, boolean on) {
        actor = actor.with(bit, on);
    }

    void setPartner(int bit, boolean on) {
        partner = partner.with(bit, on);
    }
}

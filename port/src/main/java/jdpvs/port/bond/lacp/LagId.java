package jdpvs.port.bond.lacp;

import jdpvs.wire.MacAddress;
import jdpvs.wire.slow.LacpParty;
import jdpvs.wire.slow.LacpState;

/**
 * What ports must have in common to be one aggregated link (IEEE 802.1AX-2014 §6.3.6); our own system is the same for all.
 *
 * @param key ours
 * @param partnerSystem 0 where no partner is known
 * @param individual the port's number where one of both ends does not aggregate, which makes a group of one; else 0
 */
record LagId(int key, int partnerSystemPriority, long partnerSystem, int partnerKey, int individual) {
    static LagId of(LacpParty actor, LacpParty partner) {
        boolean aggregated = actor.has(LacpState.AGGREGATION) && partner.has(LacpState.AGGREGATION);
        return new LagId(
                actor.key(), partner.systemPriority(), partner.system(), partner.key(), aggregated ? 0 : actor.port());
    }

    @Override
    public String toString() {
        return partnerSystemPriority + "," + MacAddress.format(partnerSystem) + " key " + partnerKey
                + (individual == 0 ? "" : " alone");
    }
}

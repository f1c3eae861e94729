package jdpvs.port.bond.lacp;

/** What the selection says of a port (IEEE 802.1AX-2014 §6.4.8). */
public enum Selected {
    /** No aggregator: its partner is not known, or has just become another. */
    UNSELECTED,
    /** It belongs to the aggregator that the bond uses. */
    SELECTED,
    /** It could serve, but the bond uses an aggregator that this port does not belong to. */
    STANDBY
}

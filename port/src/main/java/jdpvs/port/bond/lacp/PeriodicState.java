package jdpvs.port.bond.lacp;

/** The states of the periodic transmission machine (IEEE 802.1AX-2014 §6.4.13). PERIODIC_TX is left at once. */
public enum PeriodicState {
    NO_PERIODIC,
    FAST_PERIODIC,
    SLOW_PERIODIC
}

package jdpvs.port.bond.lacp;

/** The states of the mux machine with independent control (IEEE 802.1AX-2014 §6.4.15). */
public enum MuxState {
    DETACHED,
    WAITING,
    ATTACHED,
    COLLECTING,
    DISTRIBUTING
}

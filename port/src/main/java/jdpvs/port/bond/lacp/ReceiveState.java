package jdpvs.port.bond.lacp;

/** The states of the receive machine (IEEE 802.1AX-2014 §6.4.12). INITIALIZE is left at once; LACP_DISABLED does not occur, because a bond's slaves always speak LACP. */
public enum ReceiveState {
    INITIALIZE,
    PORT_DISABLED,
    EXPIRED,
    DEFAULTED,
    CURRENT
}

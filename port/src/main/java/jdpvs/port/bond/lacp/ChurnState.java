package jdpvs.port.bond.lacp;

/** The states of a churn detection machine (IEEE 802.1AX-2014 §6.4.17). */
public enum ChurnState {
    /** Out of sync, and not for long. */
    CHURN_MONITOR,
    NO_CHURN,
    /** Out of sync for a minute: the two ends do not agree, and will not without help. */
    CHURN
}

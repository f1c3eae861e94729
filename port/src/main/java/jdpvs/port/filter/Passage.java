package jdpvs.port.filter;

/** What happens to a frame when a filter looks at it. */
public enum Passage {
    /** It was received. */
    IN,
    /** It is being sent. */
    OUT,
    /** It went no further; the frame is as it was received. */
    DROPPED
}

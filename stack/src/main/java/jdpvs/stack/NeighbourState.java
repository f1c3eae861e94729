package jdpvs.stack;

/** What is known about a next hop's MAC address (facts: behaviour §12; {@code dpip neigh show} prints the name). */
public enum NeighbourState {
    /** Asked in vain; for 2 s packets to it start a new attempt, then the entry goes. */
    NONE,
    /** Asked by broadcast, once a second for 3 s; packets wait. */
    SEND,
    /** Answered within the neighbour time-out (60 s). */
    REACHABLE,
    /** The answer is old: asked by unicast for up to 30 s, its MAC address in use meanwhile. */
    PROBE,
    /** Unicast went unanswered: asked by broadcast for 3 s more, its MAC address in use meanwhile. */
    DELAY
}

package jdpvs.port.filter;

/** Which end of a packet a primitive is about. */
enum Side {
    EITHER,
    BOTH,
    SOURCE,
    DESTINATION;

    boolean of(boolean source, boolean destination) {
        return switch (this) {
            case EITHER -> source || destination;
            case BOTH -> source && destination;
            case SOURCE -> source;
            case DESTINATION -> destination;
        };
    }
}

package jdpvs.port.bond;

import jdpvs.port.LinkState;

/** Decides which slaves of a bond send and receive; the control thread's. Times are CLOCK_BOOTTIME milliseconds. */
interface SlaveSelection extends LinkProtocol {
    /** What a slave's link is like from now on; until the first time it is down. */
    void link(int slave, LinkState link, long nowMillis);

    /** Lets time pass. */
    void tick(long nowMillis);

    boolean receives(int slave);

    boolean sends(int slave);

    /** What a slave and its partner have said to each other, one sentence; empty where nothing is negotiated. */
    default String negotiation(int slave) {
        return "";
    }

    /** The last thing: nobody is to send here any more. */
    default void leave() {}

    @Override
    default boolean takes(int slave, long frame, int length) {
        return false;
    }
}

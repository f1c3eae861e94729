package jdpvs.port.bond;

/** Decides which slaves of a bond send and receive; the control thread's. Times are CLOCK_BOOTTIME milliseconds. */
interface SlaveSelection extends LinkProtocol {
    /** What a slave's carrier is like now. */
    void carrier(int slave, boolean up, int speedMegabits, long nowMillis);

    /** Lets time pass. */
    void tick(long nowMillis);

    boolean receives(int slave);

    boolean sends(int slave);

    /** What a slave and its partner have said to each other, one sentence; empty where nothing is negotiated. */
    default String negotiation(int slave) {
        return "";
    }

    @Override
    default boolean takes(int slave, long frame, int length) {
        return false;
    }
}

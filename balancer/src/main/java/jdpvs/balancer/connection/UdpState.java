package jdpvs.balancer.connection;

/** States of a balanced UDP flow (facts: behaviour §6). */
public enum UdpState {
    NONE("UDP_NONE"),
    /** Only the client has spoken. */
    ONE_WAY("UDP_ONEWAY"),
    /** The server has answered. */
    NORMAL("UDP_NORM"),
    LAST("UDP_LAST");

    private static final UdpState[] STATES = values();

    private final String listingName;

    UdpState(String listingName) {
        this.listingName = listingName;
    }

    /** As {@code ipvsadm -lnc} prints it. */
    public String listingName() {
        return listingName;
    }

    public static UdpState of(int number) {
        return STATES[number];
    }

    /** The state (ordinal) after a packet. */
    public static int next(int state, boolean outbound) {
        if (outbound) {
            return NORMAL.ordinal();
        }
        return state == NONE.ordinal() ? ONE_WAY.ordinal() : state;
    }
}

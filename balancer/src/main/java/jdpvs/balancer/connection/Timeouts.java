package jdpvs.balancer.connection;

/**
 * How long a connection may be silent in each state; all values in seconds (facts: behaviour §6, config §6).
 *
 * @param connectionInit until a connection's first state
 */
public record Timeouts(
        int none,
        int established,
        int synSent,
        int synReceived,
        int finWait,
        int timeWait,
        int close,
        int closeWait,
        int lastAck,
        int listen,
        int synAck,
        int last,
        int udpOneWay,
        int udpNormal,
        int udpLast,
        int connectionInit) {
    /** The longest that is kept: idle times are compared as 32-bit milliseconds. */
    public static final int LONGEST_SECONDS = 2_000_000;

    public static final Timeouts DEFAULT = new Timeouts(2, 90, 3, 30, 7, 7, 3, 7, 7, 120, 30, 2, 300, 300, 2, 3);

    /**
     * Seconds of a state.
     *
     * @param state ordinal of a {@link TcpState} or {@link UdpState}
     */
    public int seconds(boolean udp, int state) {
        return udp ? seconds(UdpState.of(state)) : seconds(TcpState.of(state));
    }

    public int seconds(TcpState state) {
        return switch (state) {
            case NONE -> none;
            case ESTABLISHED -> established;
            case SYN_SENT -> synSent;
            case SYN_RECEIVED -> synReceived;
            case FIN_WAIT -> finWait;
            case TIME_WAIT -> timeWait;
            case CLOSE -> close;
            case CLOSE_WAIT -> closeWait;
            case LAST_ACK -> lastAck;
            case LISTEN -> listen;
            case SYNACK -> synAck;
        };
    }

    public int seconds(UdpState state) {
        return switch (state) {
            case NONE -> connectionInit;
            case ONE_WAY -> udpOneWay;
            case NORMAL -> udpNormal;
            case LAST -> udpLast;
        };
    }
}

package jdpvs.balancer.session;

/** Why a connection ended. */
public enum EndReason {
    /** Both ends have sent FIN. */
    FIN("fin"),
    RESET_BY_CLIENT("reset-by-client"),
    RESET_BY_SERVER("reset-by-server"),
    /** Nothing came for as long as the connection's state allows. */
    TIMEOUT("timeout"),
    /** The client began a new connection from the same port. */
    REUSED("reused"),
    /** A new connection needed the room. */
    EVICTED("evicted"),
    /** The server was removed or has weight 0, and the service ends such connections. */
    SERVER_GONE("server-gone");

    private static final EndReason[] REASONS = values();

    private final String text;

    EndReason(String text) {
        this.text = text;
    }

    /** As the session log writes it. */
    public String text() {
        return text;
    }

    public static EndReason of(int ordinal) {
        return REASONS[ordinal];
    }
}

package jdpvs.stack;

/** A change of the network configuration that is refused; the message says what and which. */
public final class NetworkException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of refusal that the tools' exit codes and phrases tell apart. */
    public enum Kind {
        EXISTS,
        NOT_EXIST,
        INVALID,
        NOT_SUPPORTED,
        NO_ROOM
    }

    private final Kind kind;

    public NetworkException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

package jdpvs.balancer.service;

/** A change of the services that is refused; the message says what and which. */
public final class ServiceException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of refusal that the tools' exit codes and phrases tell apart (facts: cli §1.1, §4.7). */
    public enum Kind {
        EXISTS,
        NOT_EXIST,
        INVALID,
        NOT_SUPPORTED,
        NO_SERVICE,
        NO_ROOM
    }

    private final Kind kind;

    public ServiceException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

package jdpvs.port;

/** A port cannot be opened or changed; the message is one sentence that names the port, the cause and the way out. */
public final class PortException extends Exception {
    private static final long serialVersionUID = 1L;

    public PortException(String message) {
        super(message);
    }

    public PortException(String message, Throwable cause) {
        super(message, cause);
    }
}

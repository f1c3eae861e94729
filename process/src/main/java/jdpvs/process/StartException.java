package jdpvs.process;

/** The process cannot start; the message is one sentence that names the thing, the place and the way out. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}

package jdpvs.command;

/** A command that ends with a message on standard error; nothing was changed. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** @param text whole lines for standard error, without the last line feed */
    public CommandFailure(int exitCode, String text) {
        super(text, null, false, false);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}

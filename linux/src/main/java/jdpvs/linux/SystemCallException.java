package jdpvs.linux;

/** The kernel said no: which call, and why. */
public final class SystemCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    /**
     * @param call the function, with what it was about when the name alone would not tell: {@code setsockopt PACKET_RX_RING}
     */
    public SystemCallException(String call, int errno) {
        super(call + ": " + Errno.text(errno) + " (" + Errno.name(errno) + ")");
        this.call = call;
        this.errno = errno;
    }

    public String call() {
        return call;
    }

    public int errno() {
        return errno;
    }

    /** The cause alone, to be put into a sentence of the caller's: {@code Operation not permitted (EPERM)}. */
    public String reason() {
        return Errno.text(errno) + " (" + Errno.name(errno) + ")";
    }
}

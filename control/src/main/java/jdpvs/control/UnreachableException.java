package jdpvs.control;

import java.io.IOException;

/** No daemon answers on the socket; the message is the system's reason, for example {@code No such file or directory}. */
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String reason) {
        super(reason);
    }
}

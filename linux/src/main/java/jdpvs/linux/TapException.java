package jdpvs.linux;

import java.io.IOException;

/** A TAP interface cannot be had; the message names the interface, the cause and the way out. */
public final class TapException extends IOException {
    private static final long serialVersionUID = 1L;

    TapException(String message) {
        super(message);
    }

    TapException(String message, SystemCallException cause) {
        super(message, cause);
    }
}

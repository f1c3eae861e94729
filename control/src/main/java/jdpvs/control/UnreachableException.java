package jdpvs.control;

import java.io.IOException;

/** No daemon answers on the socket; the message is the system's reason, for example {@code No such file or directory}. */
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String reason) {
        super(reason);
    }

    /** What is wrong and what to do about it, for an operator. */
    public String wayOut() {
        // The system's word for EACCES: somebody may well answer, but not this user.
        return "Permission denied".equals(getMessage())
                ? "dpvs answers root only; run it as root"
                : "no running dpvs answers; start it, or set DPVS_IPC_FILE to its socket";
    }
}

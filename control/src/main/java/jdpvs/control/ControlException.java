package jdpvs.control;

/** A request that was refused as a whole. The message says what and which, for example {@code address 10.0.0.1/32 on dpdk0}. */
public class ControlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int changeIndex;

    public ControlException(ErrorCode code, String message) {
        this(code, message, -1);
    }

    /** @param changeIndex which change of the transaction was refused, from 0; -1 when not one of them */
    public ControlException(ErrorCode code, String message, int changeIndex) {
        super(message);
        this.code = code;
        this.changeIndex = changeIndex;
    }

    public ErrorCode code() {
        return code;
    }

    public int changeIndex() {
        return changeIndex;
    }
}

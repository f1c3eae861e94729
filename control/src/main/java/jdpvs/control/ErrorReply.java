package jdpvs.control;

/**
 * The JSON body of every refusal.
 *
 * @param changeIndex which change of a transaction, from 0; -1 when not one of them
 */
public record ErrorReply(ErrorCode code, String message, int changeIndex) {
    public static ErrorReply of(ControlException refusal) {
        String message = refusal.getMessage();
        return new ErrorReply(refusal.code(), message == null ? "" : message, refusal.changeIndex());
    }

    public ControlException toException() {
        return new ControlException(code, message, changeIndex);
    }
}

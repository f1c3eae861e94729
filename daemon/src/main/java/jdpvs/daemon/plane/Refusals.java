package jdpvs.daemon.plane;

import jdpvs.balancer.service.ServiceException;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.stack.NetworkException;

/** What the rooms refuse, in the words of the control API. */
final class Refusals {
    private Refusals() {}

    static ControlException of(ServiceException e, int changeIndex) {
        ErrorCode code = switch (e.kind()) {
            case EXISTS -> ErrorCode.EXISTS;
            case NOT_EXIST -> ErrorCode.NOT_EXIST;
            case INVALID -> ErrorCode.INVALID;
            case NOT_SUPPORTED -> ErrorCode.NOT_SUPPORTED;
            case NO_SERVICE -> ErrorCode.NO_SERVICE;
            case NO_ROOM -> ErrorCode.NO_ROOM;
        };
        return new ControlException(code, sentence(e), changeIndex);
    }

    static ControlException of(NetworkException e, int changeIndex) {
        ErrorCode code = switch (e.kind()) {
            case EXISTS -> ErrorCode.EXISTS;
            case NOT_EXIST -> ErrorCode.NOT_EXIST;
            case INVALID -> ErrorCode.INVALID;
            case NOT_SUPPORTED -> ErrorCode.NOT_SUPPORTED;
            case NO_ROOM -> ErrorCode.NO_ROOM;
        };
        return new ControlException(code, sentence(e), changeIndex);
    }

    private static String sentence(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}

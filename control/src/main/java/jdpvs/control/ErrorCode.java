package jdpvs.control;

/** Why the daemon refuses; numbers and texts are DPVS's (facts: cli §1.1), because scripts look at exit codes and phrases. */
public enum ErrorCode {
    INVALID(-1, "invalid parameter"),
    NO_MEMORY(-2, "no memory"),
    EXISTS(-3, "already exist"),
    NOT_EXIST(-4, "not exist"),
    NO_ROUTE(-8, "no route"),
    BUSY(-13, "resource busy"),
    NOT_SUPPORTED(-14, "not support"),
    NO_RESOURCE(-15, "no resource"),
    NO_SERVICE(-17, "no service"),
    DISABLED(-18, "disabled"),
    NO_ROOM(-19, "no room"),
    IO(-22, "I/O error"),
    SYSTEM_CALL(-26, "system call failed"),
    NO_DEVICE(-27, "no such device");

    private final int number;
    private final String text;

    ErrorCode(int number, String text) {
        this.number = number;
        this.text = text;
    }

    public int number() {
        return number;
    }

    public String text() {
        return text;
    }
}

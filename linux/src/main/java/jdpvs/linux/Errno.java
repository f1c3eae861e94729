package jdpvs.linux;

/** Errno values that callers tell apart (linux/errno.h). */
public final class Errno {
    public static final int EINTR = 4;

    private Errno() {}
}

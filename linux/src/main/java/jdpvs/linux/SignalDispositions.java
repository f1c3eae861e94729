package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** What signals do to this process (signal(2)). */
public final class SignalDispositions {
    private static final int SIGHUP = 1;
    private static final long SIG_DFL = 0;
    private static final String IGNORED = "SigIgn:";

    private static final MethodHandle SIGNAL =
            Libc.function("signal", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG));

    private SignalDispositions() {}

    /** Undoes what {@code nohup} did: the JVM handles no SIGHUP that was ignored when it was started. To be called just before a handler is set, for until then SIGHUP ends the process. */
    public static void heedHangup() {
        if (!ignoresHangup()) {
            return;
        }
        try {
            long ignored = (long) SIGNAL.invokeExact(CallState.current().segment(), SIGHUP, SIG_DFL);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** proc_pid_status(5): a mask, signal 1 is bit 0. */
    private static boolean ignoresHangup() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(IGNORED))
                    .anyMatch(line -> (Long.parseUnsignedLong(
                                            line.substring(IGNORED.length()).strip(), 16)
                                    & 1)
                            != 0);
        } catch (IOException e) {
            // No /proc: then it stays as it is.
            return false;
        }
    }
}

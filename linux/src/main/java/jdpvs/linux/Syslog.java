package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The system log (syslog(3)); one per process, for that is how the C library has it. */
public final class Syslog {
    public static final int EMERGENCY = 0;
    public static final int ALERT = 1;
    public static final int CRITICAL = 2;
    public static final int ERROR = 3;
    public static final int WARNING = 4;
    public static final int NOTICE = 5;
    public static final int INFO = 6;
    public static final int DEBUG = 7;

    public static final int FACILITY_USER = 1 << 3;
    public static final int FACILITY_DAEMON = 3 << 3;
    public static final int FACILITY_LOCAL0 = 16 << 3;

    private static final int LOG_PID = 1;

    private static final MethodHandle OPENLOG =
            Libc.plain("openlog", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle SYSLOG = Libc.plain(
            "syslog", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSELOG = Libc.plain("closelog", FunctionDescriptor.ofVoid());

    private static final MemorySegment FORMAT = Arena.global().allocateFrom("%s");

    private Syslog() {}

    /**
     * @param identity put before every message; a few bytes of it stay allocated for good, because the C library keeps the pointer
     * @param facility {@link #FACILITY_LOCAL0} and so on
     */
    public static synchronized void open(String identity, int facility) {
        try {
            OPENLOG.invokeExact(Arena.global().allocateFrom(identity).address(), LOG_PID, facility);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Writes one message; may wait for the log daemon, so never call it from a worker. */
    public static void log(int severity, String message) {
        try (Arena arena = Arena.ofConfined()) {
            SYSLOG.invokeExact(
                    severity,
                    FORMAT.address(),
                    arena.allocateFrom(message.replace('\0', ' ')).address());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    public static synchronized void close() {
        try {
            CLOSELOG.invokeExact();
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }
}

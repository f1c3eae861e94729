package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What all file descriptors have in common. */
public final class Descriptors {
    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;

    private static final MethodHandle OPEN =
            Libc.variadic("open", 2, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL =
            Libc.variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));

    private Descriptors() {}

    public static int open(String path, int flags) {
        CallState state = CallState.current();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            result = (int)
                    OPEN.invokeExact(state.segment(), arena.allocateFrom(path).address(), flags | O_CLOEXEC, 0);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        return state.check("open " + path, result);
    }

    /** Closing again or closing -1 is a defect of the caller, but harmless here: the error is not reported. */
    public static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(CallState.current().segment(), descriptor);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /**
     * @param name of the request, for the error message
     */
    public static void ioctl(int descriptor, String name, long request, MemorySegment argument) {
        ioctl(descriptor, name, request, argument.address());
    }

    /** For a request whose argument is a number, not a pointer. */
    public static void ioctl(int descriptor, String name, long request, long argument) {
        CallState state = CallState.current();
        int result;
        try {
            result = (int) IOCTL.invokeExact(state.segment(), descriptor, request, argument);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("ioctl " + name, result);
    }
}

package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What this process may use (setrlimit(2)). */
public final class ResourceLimits {
    private static final int RLIMIT_MEMLOCK = 8;
    private static final long UNLIMITED = -1L;

    private static final MethodHandle SETRLIMIT =
            Libc.function("setrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    private ResourceLimits() {}

    /** Lets the process lock any amount of memory, to which kernels before 5.11 charge eBPF maps and programs. */
    public static void unlimitLockedMemory() {
        CallState state = CallState.current();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocateFrom(JAVA_LONG, UNLIMITED, UNLIMITED);
            result = (int) SETRLIMIT.invokeExact(state.segment(), RLIMIT_MEMLOCK, limits.address());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("setrlimit RLIMIT_MEMLOCK", result);
    }
}

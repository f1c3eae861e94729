package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * CLOCK_BOOTTIME: time since boot, suspend included, the same for every process, so that stamps outlive ours. One instance per thread.
 *
 * <pre>
 * struct timespec: 0 seconds (long) | 8 nanoseconds (long)
 * </pre>
 */
public final class BootClock {
    private static final int CLOCK_BOOTTIME = 7;

    /** Critical: the vDSO answers in user space. */
    private static final MethodHandle CLOCK_GETTIME =
            Libc.critical("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    private final MemorySegment time = Arena.ofAuto().allocate(16, 8);
    private final long address = time.address();

    public long nanos() {
        int result;
        try {
            result = (int) CLOCK_GETTIME.invokeExact(CLOCK_BOOTTIME, address);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        if (result != 0) {
            throw new IllegalStateException("the kernel has no CLOCK_BOOTTIME");
        }
        return NativeMemory.getLong(address) * 1_000_000_000L + NativeMemory.getLong(address + 8);
    }

    public long millis() {
        return nanos() / 1_000_000;
    }
}

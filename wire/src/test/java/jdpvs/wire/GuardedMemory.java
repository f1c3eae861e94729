package jdpvs.wire;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * 64 KB and more of memory between two pages that nobody may touch: a read one byte outside a frame that lies at either end ends the
 * process.
 *
 * <pre>
 *  +-----------+---------------------------+-----------+
 *  | PROT_NONE | usable                    | PROT_NONE |
 *  +-----------+---------------------------+-----------+
 * </pre>
 */
public final class GuardedMemory {
    private static final int PAGE = 65536;
    private static final int USABLE = 2 * PAGE;
    private static final MethodHandle MMAP = handle(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MPROTECT = handle(
            "mprotect",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    final long start;
    final long end;

    public GuardedMemory() {
        try {
            // PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS; then the middle becomes PROT_READ | PROT_WRITE. Kept for the
            // process's life.
            long base = (long) MMAP.invokeExact(0L, (long) USABLE + 2 * PAGE, 0, 0x22, -1, 0L);
            int protectedWell = (int) MPROTECT.invokeExact(base + PAGE, (long) USABLE, 3);
            if (base == -1 || protectedWell != 0) {
                throw new IllegalStateException("cannot make guarded memory");
            }
            start = base + PAGE;
            end = start + USABLE;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Puts the bytes so that they end where the guard begins. */
    public long atEnd(byte[] bytes) {
        Memory.copyIn(bytes, 0, end - bytes.length, bytes.length);
        return end - bytes.length;
    }

    /** Puts the bytes directly behind the guard. */
    long atStart(byte[] bytes) {
        Memory.copyIn(bytes, 0, start, bytes.length);
        return start;
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        MemorySegment address = Linker.nativeLinker().defaultLookup().findOrThrow(name);
        return Linker.nativeLinker().downcallHandle(address, type);
    }
}

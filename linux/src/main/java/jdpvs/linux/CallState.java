package jdpvs.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** Where a downcall leaves errno. One per thread, or one per object that a single thread calls through. */
public final class CallState {
    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO = LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<CallState> CURRENT = ThreadLocal.withInitial(CallState::new);

    private final MemorySegment segment = Arena.ofAuto().allocate(LAYOUT);

    /** The calling thread's own. */
    public static CallState current() {
        return CURRENT.get();
    }

    /** The first argument of every handle from {@link Libc#function}. */
    public MemorySegment segment() {
        return segment;
    }

    /** Of the last call that failed; undefined after one that succeeded. */
    public int errno() {
        return segment.get(ValueLayout.JAVA_INT, ERRNO);
    }

    /** Passes a result through unless it is -1. */
    public int check(String call, int result) {
        if (result == -1) {
            throw new SystemCallException(call, errno());
        }
        return result;
    }

    public long check(String call, long result) {
        if (result == -1) {
            throw new SystemCallException(call, errno());
        }
        return result;
    }
}

package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** Wakes a thread that sleeps in {@link PollSet#await} (eventfd(2)). Signals are not counted: many before one {@link #clear} are one. */
public final class EventDescriptor implements AutoCloseable {
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;

    private static final MethodHandle EVENTFD =
            Libc.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle EVENTFD_WRITE =
            Libc.function("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle READ =
            Libc.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));

    private final int descriptor;
    private final Mapping buffer;

    public EventDescriptor() {
        CallState state = CallState.current();
        int result;
        try {
            result = (int) EVENTFD.invokeExact(state.segment(), 0, EFD_NONBLOCK | EFD_CLOEXEC);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        descriptor = state.check("eventfd", result);
        buffer = Mapping.anonymous(8, true);
    }

    public int descriptor() {
        return descriptor;
    }

    /** Any thread. */
    public void signal() {
        try {
            // It fails only when 2^64-2 signals are pending, which is signal enough.
            int ignored = (int) EVENTFD_WRITE.invokeExact(CallState.current().segment(), descriptor, 1L);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Makes the descriptor unreadable until the next signal; the waiting thread calls it before it looks for what it was woken for. */
    public void clear() {
        try {
            // EAGAIN when there was no signal: just as well.
            long ignored = (long) READ.invokeExact(CallState.current().segment(), descriptor, buffer.address(), 8L);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
        buffer.close();
    }
}

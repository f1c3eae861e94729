package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The descriptors that one thread waits for (poll(2)); used by that thread only.
 *
 * <pre>
 * struct pollfd: 0 descriptor (int) | 4 events (short) | 6 returned events (short)
 * </pre>
 */
public final class PollSet {
    private static final int ENTRY_BYTES = 8;
    private static final int POLLIN = 0x1;
    private static final int POLLERR = 0x8;
    private static final int POLLHUP = 0x10;
    private static final int POLLNVAL = 0x20;

    private static final MethodHandle POLL =
            Libc.function("poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private static final MethodHandle PPOLL =
            Libc.function("ppoll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private final CallState state = new CallState();
    private final MemorySegment entries;
    /** struct timespec: 0 seconds | 8 nanoseconds. */
    private final MemorySegment timeout = Arena.ofAuto().allocate(16, 8);

    private final int count;

    /** Descriptors below 0 are left out by the kernel. */
    public PollSet(int... descriptors) {
        count = descriptors.length;
        entries = Arena.ofAuto().allocate((long) ENTRY_BYTES * Math.max(1, count), 8);
        for (int i = 0; i < count; i++) {
            NativeMemory.putInt(entry(i), descriptors[i]);
            NativeMemory.putShort(entry(i) + 4, POLLIN);
        }
    }

    public int size() {
        return count;
    }

    /**
     * Waits until one of the descriptors has input. A pending socket error (the interface went down) is taken off its socket, for otherwise
     * every later wait would return at once.
     *
     * @param timeoutMillis 0 returns at once, negative waits without end
     * @return how many are ready; 0 after the time-out or a signal
     */
    public int await(int timeoutMillis) {
        int ready;
        try {
            ready = (int) POLL.invokeExact(state.segment(), entries.address(), (long) count, timeoutMillis);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        return result(ready);
    }

    /**
     * Likewise, to the nanosecond.
     *
     * @param nanos 0 returns at once, negative waits without end
     */
    public int awaitNanos(long nanos) {
        timeout.set(JAVA_LONG, 0, nanos / 1_000_000_000);
        timeout.set(JAVA_LONG, 8, nanos % 1_000_000_000);
        int ready;
        try {
            ready = (int) PPOLL.invokeExact(
                    state.segment(), entries.address(), (long) count, nanos < 0 ? 0 : timeout.address(), 0L);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        return result(ready);
    }

    private int result(int ready) {
        if (ready < 0) {
            if (state.errno() == Errno.EINTR || state.errno() == Errno.EAGAIN) {
                return 0;
            }
            throw new SystemCallException("poll", state.errno());
        }
        if (ready > 0) {
            clearErrors();
        }
        return ready;
    }

    /** Whether the last wait found input at the descriptor of this place. */
    public boolean readable(int index) {
        return (returned(index) & (POLLIN | POLLHUP)) != 0;
    }

    private void clearErrors() {
        for (int i = 0; i < count; i++) {
            int events = returned(i);
            if ((events & POLLNVAL) != 0) {
                // Somebody closed it under us; waiting for it further would spin.
                NativeMemory.putInt(entry(i), -1);
            } else if ((events & POLLERR) != 0) {
                takeError(NativeMemory.getInt(entry(i)));
            }
        }
    }

    private static void takeError(int descriptor) {
        try {
            int ignored = Sockets.option(descriptor, Sockets.SOL_SOCKET, Sockets.SO_ERROR, "SO_ERROR");
        } catch (SystemCallException notASocket) {
            // Then its owner will meet the error when it reads.
            return;
        }
    }

    private int returned(int index) {
        return NativeMemory.getShort(entry(index) + 6);
    }

    private long entry(int index) {
        return entries.address() + (long) ENTRY_BYTES * index;
    }
}

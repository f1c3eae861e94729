package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/**
 * What the scheduler knows about the calling thread. Only the worker pins itself, from inside: pinning the process would pin the JVM's
 * compiler and collector too.
 */
public final class Threads {
    /** Room for 8192 CPUs, the kernel's largest. */
    private static final int MASK_BYTES = 1024;

    private static final int PR_SET_TIMERSLACK = 29;

    private static final MethodHandle SCHED_SETAFFINITY =
            Libc.function("sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SCHED_GETAFFINITY =
            Libc.function("sched_getaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PRCTL =
            Libc.variadic("prctl", 1, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final int SCHED_FIFO = 1;
    private static final int SCHED_RESET_ON_FORK = 0x40000000;

    private static final MethodHandle PTHREAD_SELF = Libc.plain("pthread_self", FunctionDescriptor.of(JAVA_LONG));
    /** sched_setscheduler(2), which musl lacks under that name. */
    private static final MethodHandle PTHREAD_SETSCHEDPARAM =
            Libc.plain("pthread_setschedparam", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG));

    private static final MethodHandle GETTID = Libc.plain("gettid", FunctionDescriptor.of(JAVA_INT));

    private Threads() {}

    /**
     * Binds the calling platform thread to one CPU.
     *
     * @throws SystemCallException EINVAL when the machine lacks the CPU or the process may not use it
     */
    public static void pin(int cpu) {
        CallState state = CallState.current();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            if (cpu >= 0 && cpu < MASK_BYTES * 8) {
                mask.set(JAVA_LONG, cpu / 64 * 8L, 1L << (cpu % 64));
            }
            result = (int) SCHED_SETAFFINITY.invokeExact(state.segment(), 0, (long) MASK_BYTES, mask.address());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("sched_setaffinity to CPU " + cpu, result);
    }

    /** CPUs that the calling thread may run on. */
    public static BitSet allowedCpus() {
        CallState state = CallState.current();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            int result = (int) SCHED_GETAFFINITY.invokeExact(state.segment(), 0, (long) MASK_BYTES, mask.address());
            state.check("sched_getaffinity", result);
            return BitSet.valueOf(mask.asByteBuffer());
        } catch (SystemCallException e) {
            throw e;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** How late the kernel may wake the calling thread from a timed wait; 50,000 ns unless changed. */
    public static void setTimerSlack(long nanos) {
        CallState state = CallState.current();
        int result;
        try {
            result = (int) PRCTL.invokeExact(state.segment(), PR_SET_TIMERSLACK, nanos);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("prctl PR_SET_TIMERSLACK", result);
    }

    /**
     * Lets the calling platform thread run whenever it wants to, before every thread that is not real-time (SCHED_FIFO, sched(7)). Threads and processes that it starts are ordinary ones.
     *
     * @param priority 1 to 99
     * @throws SystemCallException EPERM without CAP_SYS_NICE, or where a control group has no real-time share
     */
    public static void setRealTime(int priority) {
        int error;
        try (Arena arena = Arena.ofConfined()) {
            long self = (long) PTHREAD_SELF.invokeExact();
            error = (int) PTHREAD_SETSCHEDPARAM.invokeExact(
                    self,
                    SCHED_FIFO | SCHED_RESET_ON_FORK,
                    arena.allocateFrom(JAVA_INT, priority).address());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        if (error != 0) {
            throw new SystemCallException("pthread_setschedparam to SCHED_FIFO " + priority, error);
        }
    }

    /** The kernel's number of the calling thread, as top and perf show it. */
    public static int id() {
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }
}

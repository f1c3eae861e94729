package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Mounting, and whose mounts the calling platform thread sees (mount(2), unshare(2), setns(2)). */
public final class Mounts {
    private static final int CLONE_FS = 0x200;
    private static final int CLONE_NEWNS = 0x20000;

    private static final MethodHandle MOUNT = Libc.function(
            "mount", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle UNSHARE = Libc.function("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETNS =
            Libc.function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private Mounts() {}

    /** Mounts a file system that has no device, such as {@code bpf}, on an existing directory. */
    public static void mount(String type, Path directory) {
        CallState state = CallState.current();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(type).address();
            long place = arena.allocateFrom(directory.toString()).address();
            result = (int) MOUNT.invokeExact(state.segment(), name, place, name, 0L, 0L);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("mount " + type + " on " + directory, result);
    }

    /**
     * Moves the calling thread, and it alone, into a mount namespace. Its working directory and root are then that namespace's root.
     *
     * @param path for example {@code /proc/1/ns/mnt}
     */
    public static void enter(String path) {
        int descriptor = Descriptors.open(path, Descriptors.O_RDONLY);
        try {
            CallState state = CallState.current();
            // Threads share root and working directory, and the kernel moves nobody who shares them.
            state.check("unshare CLONE_FS", (int) UNSHARE.invokeExact(state.segment(), CLONE_FS));
            state.check("setns to " + path, (int) SETNS.invokeExact(state.segment(), descriptor, CLONE_NEWNS));
        } catch (Throwable t) {
            if (t instanceof SystemCallException refused) {
                throw refused;
            }
            throw Libc.unexpected(t);
        } finally {
            Descriptors.close(descriptor);
        }
    }
}

package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** Moves the calling platform thread into another network namespace (setns(2)); sockets it opened before stay where they are. */
public final class NetworkNamespace {
    private static final int CLONE_NEWNET = 0x40000000;

    private static final MethodHandle SETNS =
            Libc.function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private NetworkNamespace() {}

    /**
     * @param name as {@code ip netns} knows it
     */
    public static void enter(String name) {
        enterPath("/run/netns/" + name);
    }

    /**
     * @param path for example {@code /proc/1/ns/net}
     */
    public static void enterPath(String path) {
        int descriptor = Descriptors.open(path, Descriptors.O_RDONLY);
        CallState state = CallState.current();
        int result;
        try {
            result = (int) SETNS.invokeExact(state.segment(), descriptor, CLONE_NEWNET);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        int errno = state.errno();
        Descriptors.close(descriptor);
        if (result == -1) {
            throw new SystemCallException("setns to " + path, errno);
        }
    }
}

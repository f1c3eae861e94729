package jdpvs.daemon.serve;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SocketChannel;
import jdpvs.linux.NativeMemory;
import jdpvs.linux.Sockets;
import jdpvs.linux.SystemCallException;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a UNIX socket, as the kernel saw it at connect time (unix(7), SO_PEERCRED). The JDK's own option of that name
 * knows user names only, so the descriptor is asked for numbers.
 *
 * <pre>
 * struct ucred: 0 process id | 4 user id | 8 group id   (4 bytes each)
 * </pre>
 */
record Peer(int uid, int pid) {
    private static final int SO_PEERCRED = 17;

    private static final @Nullable MethodHandle DESCRIPTOR = descriptorAccess();

    boolean isRoot() {
        return uid == 0;
    }

    static Peer of(SocketChannel channel) throws IOException {
        if (DESCRIPTOR == null) {
            throw new IOException("the JVM was started without --add-exports java.base/sun.nio.ch=jdpvs.daemon");
        }
        int descriptor;
        try {
            descriptor = (int) DESCRIPTOR.invoke(channel);
        } catch (Throwable e) {
            throw new IOException("no descriptor of " + channel, e);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(12, 4);
            Sockets.option(descriptor, Sockets.SOL_SOCKET, SO_PEERCRED, "SO_PEERCRED", credentials);
            long struct = credentials.address();
            return new Peer(NativeMemory.getInt(struct + 4), NativeMemory.getInt(struct));
        } catch (SystemCallException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The channel's descriptor has no public accessor; the launcher exports this one to us. */
    private static @Nullable MethodHandle descriptorAccess() {
        try {
            Class<?> type = Class.forName("sun.nio.ch.SelChImpl");
            return MethodHandles.lookup().findVirtual(type, "getFDVal", MethodType.methodType(int.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}

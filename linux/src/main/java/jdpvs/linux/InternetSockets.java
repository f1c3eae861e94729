package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Sockets of IPv4 and IPv6 where the JDK has no word for what is wanted of them.
 *
 * <pre>
 * struct sockaddr_in:  0 family | 2 port, network order | 4 address
 * struct sockaddr_in6: 0 family | 2 port, network order | 4 flow | 8 address (16) | 24 scope
 * </pre>
 */
public final class InternetSockets {
    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;
    private static final int SO_TYPE = 3;
    private static final int MOST_DESCRIPTORS = 1 << 20;
    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private static final MethodHandle GETSOCKNAME =
            Libc.function("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BIND =
            Libc.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SENDTO = Libc.function(
            "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

    private InternetSockets() {}

    /** The number that the kernel gives to the next descriptor of this process, unless another thread is faster: where {@link #find} then looks first. */
    public static int next() {
        int descriptor = Sockets.open(Sockets.AF_INET, Sockets.SOCK_DGRAM, 0);
        Descriptors.close(descriptor);
        return descriptor;
    }

    /**
     * The descriptor of a socket of this process that the caller keeps open. The JDK does not tell it; but no two sockets of a type have the same address and port, so those find it.
     *
     * @param type {@link Sockets#SOCK_DGRAM} or {@link Sockets#SOCK_STREAM}
     * @param bound what it is bound to: the caller must have bound it itself, without SO_REUSEPORT
     * @param near what {@link #next} said before the socket was opened; all descriptors are looked at, but those near it first
     * @throws IllegalStateException when there is none
     */
    public static int find(int type, InetSocketAddress bound, int near) {
        try (Arena arena = Arena.ofConfined()) {
            Sought sought = new Sought(arena, type, bound);
            for (int distance = 0; distance < MOST_DESCRIPTORS; distance++) {
                if (sought.is(near + distance)) {
                    return near + distance;
                }
                if (distance <= near && sought.is(near - distance)) {
                    return near - distance;
                }
            }
        }
        throw new IllegalStateException("no socket of this process is bound to " + bound);
    }

    /** A socket that is known by what it is bound to. */
    private static final class Sought {
        private final int type;
        private final byte[] wanted;
        private final int compared;
        private final MemorySegment name;
        private final MemorySegment length;

        Sought(Arena arena, int type, InetSocketAddress bound) {
            this.type = type;
            wanted = socketAddress(arena, bound.getAddress(), bound.getPort()).toArray(JAVA_BYTE);
            // What tells sockets apart: the scope of an address is not always told.
            compared = wanted.length == SOCKADDR_IN_BYTES ? 8 : 24;
            name = arena.allocate(SOCKADDR_IN6_BYTES, 8);
            length = arena.allocate(JAVA_INT);
        }

        boolean is(int descriptor) {
            name.fill((byte) 0);
            length.set(JAVA_INT, 0, SOCKADDR_IN6_BYTES);
            return nameOf(descriptor, name, length)
                    && Arrays.equals(name.toArray(JAVA_BYTE), 0, compared, wanted, 0, compared)
                    && isOfType(descriptor, type);
        }
    }

    private static boolean nameOf(int descriptor, MemorySegment name, MemorySegment length) {
        try {
            return (int) GETSOCKNAME.invokeExact(
                            CallState.current().segment(), descriptor, name.address(), length.address())
                    == 0;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    private static boolean isOfType(int descriptor, int type) {
        try {
            return Sockets.option(descriptor, Sockets.SOL_SOCKET, SO_TYPE, "SO_TYPE") == type;
        } catch (SystemCallException _) {
            // Another thread's, closed meanwhile.
            return false;
        }
    }

    static void bind(int descriptor, InetAddress address) {
        CallState state = CallState.current();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = socketAddress(arena, address, 0);
            result = (int) BIND.invokeExact(state.segment(), descriptor, name.address(), (int) name.byteSize());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("bind to " + address.getHostAddress(), result);
    }

    static void sendTo(int descriptor, byte[] message, InetAddress destination, int interfaceIndex) {
        CallState state = CallState.current();
        long result;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = socketAddress(arena, destination, 0);
            if (name.byteSize() == SOCKADDR_IN6_BYTES && destination.isLinkLocalAddress()) {
                name.set(JAVA_INT, 24, interfaceIndex);
            }
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, message);
            result = (long) SENDTO.invokeExact(
                    state.segment(),
                    descriptor,
                    bytes.address(),
                    (long) message.length,
                    Sockets.MSG_DONTWAIT,
                    name.address(),
                    (int) name.byteSize());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("sendto " + destination.getHostAddress(), result);
    }

    private static MemorySegment socketAddress(Arena arena, InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        boolean ipv6 = bytes.length == 16;
        MemorySegment name = arena.allocate(ipv6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES, 8);
        name.set(JAVA_SHORT, 0, (short) (ipv6 ? Sockets.AF_INET6 : Sockets.AF_INET));
        name.set(PORT, 2, (short) port);
        MemorySegment.copy(bytes, 0, name, JAVA_BYTE, ipv6 ? 8 : 4, bytes.length);
        return name;
    }
}

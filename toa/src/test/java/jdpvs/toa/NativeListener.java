package jdpvs.toa;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import jdpvs.linux.CallState;
import jdpvs.linux.Descriptors;
import jdpvs.linux.Libc;
import jdpvs.linux.Sockets;
import jdpvs.linux.SystemCallException;

/** A listening socket as a C program has it, for what Java's sockets hide: IPv4 sockets proper, accept and getpeername apart, options. */
final class NativeListener implements AutoCloseable {
    static final int IPPROTO_MPTCP = 262;
    private static final int SOCK_STREAM = 1;
    private static final int AF_INET6 = 10;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_RCVTIMEO = 20;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_DEFER_ACCEPT = 9;

    private static final FunctionDescriptor ON_ADDRESS =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle BIND =
            Libc.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle LISTEN =
            Libc.function("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle ACCEPT = Libc.function("accept", ON_ADDRESS);
    private static final MethodHandle GETPEERNAME = Libc.function("getpeername", ON_ADDRESS);

    private final int socket;

    private NativeListener(int socket) {
        this.socket = socket;
    }

    static NativeListener ipv4(int port, int protocol) {
        return open(Sockets.AF_INET, port, protocol);
    }

    /** For IPv6 and, v4-mapped, IPv4. */
    static NativeListener ipv6(int port) {
        return open(AF_INET6, port, 0);
    }

    private static NativeListener open(int family, int port, int protocol) {
        int socket = Sockets.open(family, SOCK_STREAM, protocol);
        Sockets.setOption(socket, Sockets.SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR", 1);
        // accept gives up after 5 s: tv_sec, tv_usec.
        Sockets.setOption(socket, Sockets.SOL_SOCKET, SO_RCVTIMEO, "SO_RCVTIMEO", 5, 0, 0, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(28, 8);
            address.set(JAVA_SHORT, 0, (short) family);
            address.set(JAVA_BYTE, 2, (byte) (port >> 8));
            address.set(JAVA_BYTE, 3, (byte) port);
            CallState state = CallState.current();
            int length = family == Sockets.AF_INET ? 16 : 28;
            state.check("bind", (int) BIND.invokeExact(state.segment(), socket, address.address(), length));
            state.check("listen", (int) LISTEN.invokeExact(state.segment(), socket, 1024));
        } catch (SystemCallException e) {
            throw e;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        return new NativeListener(socket);
    }

    void deferAccept() {
        Sockets.setOption(socket, IPPROTO_TCP, TCP_DEFER_ACCEPT, "TCP_DEFER_ACCEPT", 10);
    }

    /** What accept(2) itself answered. */
    record Accepted(int socket, String peer) implements AutoCloseable {
        String peerName() {
            return name(GETPEERNAME, "getpeername", socket).peer();
        }

        /** {@code getsockopt(IPPROTO_IP, 4096)}: its 20 bytes. */
        Optional<byte[]> client() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment value = arena.allocate(20, 8).fill((byte) 0x55);
                Sockets.option(socket, 0, 4096, "4096", value);
                return Optional.of(value.toArray(JAVA_BYTE));
            } catch (SystemCallException e) {
                return Optional.empty();
            }
        }

        @Override
        public void close() {
            Descriptors.close(socket);
        }
    }

    Accepted accept() {
        return name(ACCEPT, "accept", socket);
    }

    private static Accepted name(MethodHandle function, String name, int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(28, 8);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 28);
            CallState state = CallState.current();
            int result;
            try {
                result = (int) function.invokeExact(state.segment(), socket, address.address(), length.address());
            } catch (Throwable t) {
                throw Libc.unexpected(t);
            }
            return new Accepted(state.check(name, result), text(address));
        }
    }

    /** Address and port of struct sockaddr_in or sockaddr_in6. */
    private static String text(MemorySegment address) {
        boolean ipv4 = address.get(JAVA_SHORT, 0) == Sockets.AF_INET;
        int port = (address.get(JAVA_BYTE, 2) & 0xff) << 8 | (address.get(JAVA_BYTE, 3) & 0xff);
        byte[] bytes = address.asSlice(ipv4 ? 4 : 8, ipv4 ? 4 : 16).toArray(JAVA_BYTE);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + " " + port;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Descriptors.close(socket);
    }
}

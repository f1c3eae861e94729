package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** socket(2) and its relatives. Sockets close on exec and belong to the network namespace of the thread that opened them, for ever. */
public final class Sockets {
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;

    /** MSG_TRUNC: a receive returns the whole datagram's length, also where the memory is shorter. */
    public static final int MSG_TRUNCATED_LENGTH = 0x20;

    public static final int MSG_DONTWAIT = 0x40;

    public static final int SOL_SOCKET = 1;
    public static final int SO_ERROR = 4;
    public static final int SO_PRIORITY = 12;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_MARK = 36;
    private static final int SO_RCVTIMEO = 20;
    public static final int SO_SNDBUFFORCE = 32;
    public static final int SO_ATTACH_BPF = 50;

    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int SOCKADDR_NL_BYTES = 12;

    private static final MethodHandle SOCKET =
            Libc.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            Libc.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = Libc.function(
            "setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETSOCKOPT = Libc.function(
            "getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SEND =
            Libc.function("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            Libc.function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SENDMMSG =
            Libc.function("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));

    private static final MethodHandle SENDMSG =
            Libc.function("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECVMSG =
            Libc.function("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

    private Sockets() {}

    public static int open(int family, int type, int protocol) {
        CallState state = CallState.current();
        int result;
        try {
            result = (int) SOCKET.invokeExact(state.segment(), family, type | SOCK_CLOEXEC, protocol);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        return state.check("socket", result);
    }

    /**
     * Binds a packet socket to an interface (packet(7)).
     *
     * <pre>
     * struct sockaddr_ll: 0 family | 2 protocol, network order | 4 interface index | 8 hardware type | 10 packet type |
     *                     11 address length | 12 address (8)
     * </pre>
     *
     * @param etherType what to receive, 3 (ETH_P_ALL) for everything, 0 for nothing
     */
    public static void bindPacket(int descriptor, int interfaceIndex, int etherType) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, 8);
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_SHORT, 2, networkOrder(etherType));
            address.set(JAVA_INT, 4, interfaceIndex);
            bind(descriptor, "interface " + interfaceIndex, address);
        }
    }

    /**
     * Binds a netlink socket to a port that the kernel chooses (netlink(7)).
     *
     * <pre>
     * struct sockaddr_nl: 0 family | 4 port | 8 groups
     * </pre>
     *
     * @param groups whose notifications it receives, a bit for each
     */
    public static void bindNetlink(int descriptor, int groups) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_NL_BYTES, 8);
            address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
            address.set(JAVA_INT, 8, groups);
            bind(descriptor, "netlink groups " + groups, address);
        }
    }

    private static void bind(int descriptor, String what, MemorySegment address) {
        CallState state = CallState.current();
        int result;
        try {
            result = (int) BIND.invokeExact(state.segment(), descriptor, address.address(), (int) address.byteSize());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("bind to " + what, result);
    }

    /** How long a receive waits at most, EAGAIN then (struct timeval: 0 seconds | 8 microseconds). */
    public static void setReceiveTimeout(int descriptor, long seconds) {
        try (Arena arena = Arena.ofConfined()) {
            setOption(descriptor, SOL_SOCKET, SO_RCVTIMEO, "SO_RCVTIMEO", arena.allocateFrom(JAVA_LONG, seconds, 0));
        }
    }

    /** All packets of the socket leave by this interface and come in by it (socket(7)). */
    public static void bindToDevice(int descriptor, String networkInterface) {
        try (Arena arena = Arena.ofConfined()) {
            setOption(
                    descriptor,
                    SOL_SOCKET,
                    SO_BINDTODEVICE,
                    "SO_BINDTODEVICE " + networkInterface,
                    arena.allocateFrom(networkInterface));
        }
    }

    /** Marks the socket's packets for routing rules and filters; needs CAP_NET_ADMIN. */
    public static void setMark(int descriptor, int mark) {
        setOption(descriptor, SOL_SOCKET, SO_MARK, "SO_MARK " + mark, mark);
    }

    /**
     * Sets an option whose structure is a row of 32-bit words in machine order.
     *
     * @param name of the option, for the error message
     */
    public static void setOption(int descriptor, int level, int option, String name, int... words) {
        try (Arena arena = Arena.ofConfined()) {
            setOption(descriptor, level, option, name, arena.allocateFrom(JAVA_INT, words));
        }
    }

    public static void setOption(int descriptor, int level, int option, String name, MemorySegment value) {
        CallState state = CallState.current();
        int result;
        try {
            result = (int) SETSOCKOPT.invokeExact(
                    state.segment(), descriptor, level, option, value.address(), (int) value.byteSize());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("setsockopt " + name, result);
    }

    /** Fills {@code into} with the option's value. */
    public static void option(int descriptor, int level, int option, String name, MemorySegment into) {
        CallState state = CallState.current();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) into.byteSize());
            result = (int) GETSOCKOPT.invokeExact(
                    state.segment(), descriptor, level, option, into.address(), length.address());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        state.check("getsockopt " + name, result);
    }

    public static int option(int descriptor, int level, int option, String name) {
        return optionWords(descriptor, level, option, name, 1)[0];
    }

    /** An option whose structure is a row of 32-bit words in machine order. */
    public static int[] optionWords(int descriptor, int level, int option, String name, int words) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT, words);
            option(descriptor, level, option, name, value);
            return value.toArray(JAVA_INT);
        }
    }

    /**
     * Sends many messages with one call; made for the packet path.
     *
     * @param messages address of {@code count} struct mmsghdr
     * @return how many went, or -1 when the first did not; then errno is in {@code state}
     */
    public static int sendMany(CallState state, int descriptor, long messages, int count, int flags) {
        try {
            return (int) SENDMMSG.invokeExact(state.segment(), descriptor, messages, count, flags);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns the bytes sent, or -1 with errno in {@code state}. */
    public static long send(CallState state, int descriptor, long address, long bytes, int flags) {
        try {
            return (long) SEND.invokeExact(state.segment(), descriptor, address, bytes, flags);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns the bytes received, or -1 with errno in {@code state}. */
    public static long receive(CallState state, int descriptor, long address, long bytes, int flags) {
        try {
            return (long) RECV.invokeExact(state.segment(), descriptor, address, bytes, flags);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Sends what a struct msghdr at an address describes; returns the bytes sent, or -1 with errno in {@code state}. */
    static long sendMessage(CallState state, int descriptor, long message, int flags) {
        try {
            return (long) SENDMSG.invokeExact(state.segment(), descriptor, message, flags);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Receives into what a struct msghdr at an address describes; returns the bytes received, or -1 with errno in {@code state}. */
    static long receiveMessage(CallState state, int descriptor, long message, int flags) {
        try {
            return (long) RECVMSG.invokeExact(state.segment(), descriptor, message, flags);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    private static short networkOrder(int value) {
        short v = (short) value;
        return java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.BIG_ENDIAN ? v : Short.reverseBytes(v);
    }
}

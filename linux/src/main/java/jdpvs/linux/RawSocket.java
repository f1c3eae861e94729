package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Packets of one IP protocol at one interface (raw(7), ipv6(7)): what is sent has TTL or hop limit 255, precedence of network control, and is not looped back to this host's sockets. Used by one
 * thread. Addresses are 128 bits in network meaning, IPv4 ones v4-mapped.
 *
 * <pre>
 * struct msghdr:  0 address | 8 its length | 16 struct iovec | 24 how many | 32 control | 40 its length | 48 flags
 * struct iovec:   0 address | 8 length
 * struct cmsghdr: 0 length, header included | 8 level | 12 type | 16 data, padded to 8
 * struct in_pktinfo:  0 interface | 4 source to use | 8 destination
 * struct in6_pktinfo: 0 source to use or destination (16) | 16 interface
 * </pre>
 */
public final class RawSocket implements AutoCloseable {
    private static final ValueLayout.OfInt NET_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NET_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final long MAPPED = 0xffff_0000_0000L;

    private static final int SO_BINDTOIFINDEX = 62;
    private static final int HOPS = 255;
    /** Class selector 6 (RFC 2474 §4.2.2). */
    private static final int NETWORK_CONTROL = 0xc0;

    private static final int LEVEL_IP = 0;
    private static final int IP_TOS = 1;
    private static final int IP_TTL = 2;
    private static final int IP_PKTINFO = 8;
    private static final int IP_MULTICAST_IF = 32;
    private static final int IP_MULTICAST_TTL = 33;
    private static final int IP_MULTICAST_LOOP = 34;
    private static final int IP_ADD_MEMBERSHIP = 35;
    private static final int IP_MULTICAST_ALL = 49;

    private static final int LEVEL_IPV6 = 41;
    private static final int IPV6_UNICAST_HOPS = 16;
    private static final int IPV6_MULTICAST_IF = 17;
    private static final int IPV6_MULTICAST_HOPS = 18;
    private static final int IPV6_MULTICAST_LOOP = 19;
    private static final int IPV6_ADD_MEMBERSHIP = 20;
    private static final int IPV6_MULTICAST_ALL = 29;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IPV6_PKTINFO = 50;
    private static final int IPV6_RECVHOPLIMIT = 51;
    private static final int IPV6_HOPLIMIT = 52;
    private static final int IPV6_TCLASS = 67;

    private static final int NAME = 64;
    private static final int VECTOR = 96;
    private static final int CONTROL = 128;
    private static final int CONTROL_BYTES = 256;
    private static final int PAYLOAD = CONTROL + CONTROL_BYTES;
    private static final int PAYLOAD_BYTES = 1 << 16;
    private static final int CONTROL_HEADER = 16;
    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;
    private static final int IPV4_HEADER = 20;

    private final boolean ipv6;
    private final int interfaceIndex;
    private final int descriptor;
    private final CallState state = new CallState();
    private final MemorySegment memory = Arena.ofAuto().allocate(PAYLOAD + PAYLOAD_BYTES, 8);

    /**
     * A packet that came.
     *
     * @param hopLimit TTL or hop limit; -1 when the kernel did not tell
     * @param payload native address of what is behind the IP header, valid until the next call
     */
    public record Received(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int hopLimit,
            long payload,
            int length) {}

    private RawSocket(boolean ipv6, int interfaceIndex, int descriptor) {
        this.ipv6 = ipv6;
        this.interfaceIndex = interfaceIndex;
        this.descriptor = descriptor;
    }

    /**
     * Opens a socket in the calling thread's network namespace.
     *
     * @param protocol of the IP header
     * @throws SystemCallException EPERM without CAP_NET_RAW, EADDRNOTAVAIL or ENODEV without the interface
     */
    public static RawSocket open(boolean ipv6, int protocol, int interfaceIndex) {
        int descriptor = Sockets.open(ipv6 ? Sockets.AF_INET6 : Sockets.AF_INET, Sockets.SOCK_RAW, protocol);
        var socket = new RawSocket(ipv6, interfaceIndex, descriptor);
        try {
            Sockets.setOption(descriptor, Sockets.SOL_SOCKET, SO_BINDTOIFINDEX, "SO_BINDTOIFINDEX", interfaceIndex);
            if (ipv6) {
                socket.prepareIpv6();
            } else {
                socket.prepareIpv4();
            }
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void prepareIpv4() {
        Sockets.setOption(descriptor, LEVEL_IP, IP_TTL, "IP_TTL", HOPS);
        Sockets.setOption(descriptor, LEVEL_IP, IP_TOS, "IP_TOS", NETWORK_CONTROL);
        Sockets.setOption(descriptor, LEVEL_IP, IP_MULTICAST_TTL, "IP_MULTICAST_TTL", HOPS);
        Sockets.setOption(descriptor, LEVEL_IP, IP_MULTICAST_LOOP, "IP_MULTICAST_LOOP", 0);
        Sockets.setOption(descriptor, LEVEL_IP, IP_MULTICAST_ALL, "IP_MULTICAST_ALL", 0);
        Sockets.setOption(descriptor, LEVEL_IP, IP_MULTICAST_IF, "IP_MULTICAST_IF", 0, 0, interfaceIndex);
    }

    private void prepareIpv6() {
        Sockets.setOption(descriptor, LEVEL_IPV6, IPV6_UNICAST_HOPS, "IPV6_UNICAST_HOPS", HOPS);
        Sockets.setOption(descriptor, LEVEL_IPV6, IPV6_TCLASS, "IPV6_TCLASS", NETWORK_CONTROL);
        Sockets.setOption(descriptor, LEVEL_IPV6, IPV6_MULTICAST_HOPS, "IPV6_MULTICAST_HOPS", HOPS);
        Sockets.setOption(descriptor, LEVEL_IPV6, IPV6_MULTICAST_LOOP, "IPV6_MULTICAST_LOOP", 0);
        Sockets.setOption(descriptor, LEVEL_IPV6, IPV6_MULTICAST_ALL, "IPV6_MULTICAST_ALL", 0);
        Sockets.setOption(descriptor, LEVEL_IPV6, IPV6_MULTICAST_IF, "IPV6_MULTICAST_IF", interfaceIndex);
        Sockets.setOption(descriptor, LEVEL_IPV6, IPV6_RECVPKTINFO, "IPV6_RECVPKTINFO", 1);
        Sockets.setOption(descriptor, LEVEL_IPV6, IPV6_RECVHOPLIMIT, "IPV6_RECVHOPLIMIT", 1);
    }

    /** Joins a multicast group at the interface; the membership outlasts a time in which the interface is down. */
    public void join(long high, long low) {
        try (Arena arena = Arena.ofConfined()) {
            if (ipv6) {
                MemorySegment request = arena.allocate(20, 8);
                request.set(NET_LONG, 0, high);
                request.set(NET_LONG, 8, low);
                request.set(JAVA_INT, 16, interfaceIndex);
                Sockets.setOption(descriptor, LEVEL_IPV6, IPV6_ADD_MEMBERSHIP, "IPV6_ADD_MEMBERSHIP", request);
            } else {
                MemorySegment request = arena.allocate(12, 8);
                request.set(NET_INT, 0, (int) low);
                request.set(JAVA_INT, 8, interfaceIndex);
                Sockets.setOption(descriptor, LEVEL_IP, IP_ADD_MEMBERSHIP, "IP_ADD_MEMBERSHIP", request);
            }
        }
    }

    /** Readable when a packet came, for {@link PollSet}. */
    public int descriptor() {
        return descriptor;
    }

    /** Native address of memory in which a packet's payload may be written before {@link #send}; a receive overwrites it. */
    public long payload() {
        return memory.address() + PAYLOAD;
    }

    /**
     * Sends the payload that was written at {@link #payload}.
     *
     * @return 0 or the errno: ENETUNREACH when there is no route, or the source is not this host's
     */
    public int send(int length, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        memory.asSlice(0, PAYLOAD).fill((byte) 0);
        if (ipv6) {
            memory.set(JAVA_SHORT, NAME, (short) Sockets.AF_INET6);
            memory.set(NET_LONG, NAME + 8, destinationHigh);
            memory.set(NET_LONG, NAME + 16, destinationLow);
            memory.set(JAVA_INT, NAME + 24, interfaceIndex);
            control(LEVEL_IPV6, IPV6_PKTINFO, 20);
            memory.set(NET_LONG, CONTROL + CONTROL_HEADER, sourceHigh);
            memory.set(NET_LONG, CONTROL + CONTROL_HEADER + 8, sourceLow);
            memory.set(JAVA_INT, CONTROL + CONTROL_HEADER + 16, interfaceIndex);
            header(SOCKADDR_IN6_BYTES, length, CONTROL_HEADER + 24);
        } else {
            memory.set(JAVA_SHORT, NAME, (short) Sockets.AF_INET);
            memory.set(NET_INT, NAME + 4, (int) destinationLow);
            control(LEVEL_IP, IP_PKTINFO, 12);
            memory.set(JAVA_INT, CONTROL + CONTROL_HEADER, interfaceIndex);
            memory.set(NET_INT, CONTROL + CONTROL_HEADER + 4, (int) sourceLow);
            header(SOCKADDR_IN_BYTES, length, CONTROL_HEADER + 16);
        }
        return Sockets.sendMessage(state, descriptor, memory.address(), Sockets.MSG_DONTWAIT) < 0 ? state.errno() : 0;
    }

    /**
     * Takes the next packet, without waiting for one.
     *
     * @return null when there is none
     * @throws SystemCallException when the socket is of no further use
     */
    public @Nullable Received receive() {
        while (true) {
            header(SOCKADDR_IN6_BYTES, PAYLOAD_BYTES, CONTROL_BYTES);
            long bytes = Sockets.receiveMessage(state, descriptor, memory.address(), Sockets.MSG_DONTWAIT);
            if (bytes < 0) {
                switch (state.errno()) {
                    case Errno.EAGAIN -> {
                        return null;
                    }
                    case Errno.EINTR, Errno.ENETDOWN -> {
                        continue;
                    }
                    default -> throw new SystemCallException("recvmsg", state.errno());
                }
            }
            Received received = ipv6 ? receivedIpv6((int) bytes) : receivedIpv4((int) bytes);
            if (received != null) {
                return received;
            }
        }
    }

    /** The kernel hands over the whole packet. */
    private @Nullable Received receivedIpv4(int bytes) {
        int header = (memory.get(JAVA_BYTE, PAYLOAD) & 0xf) * 4;
        if (bytes < IPV4_HEADER || header < IPV4_HEADER || header > bytes) {
            return null;
        }
        return new Received(
                0,
                MAPPED | (memory.get(NET_INT, PAYLOAD + 12) & 0xffff_ffffL),
                0,
                MAPPED | (memory.get(NET_INT, PAYLOAD + 16) & 0xffff_ffffL),
                memory.get(JAVA_BYTE, PAYLOAD + 8) & 0xff,
                payload() + header,
                bytes - header);
    }

    /** The kernel hands over what is behind the headers, and tells of those beside it. */
    private @Nullable Received receivedIpv6(int bytes) {
        int hopLimit = -1;
        long destinationHigh = 0;
        long destinationLow = 0;
        long end = CONTROL + Math.min(memory.get(JAVA_LONG, 40), CONTROL_BYTES);
        for (long at = CONTROL; at + CONTROL_HEADER <= end; ) {
            long length = memory.get(JAVA_LONG, at);
            if (length < CONTROL_HEADER || at + length > end) {
                return null;
            }
            if (memory.get(JAVA_INT, at + 8) == LEVEL_IPV6) {
                switch (memory.get(JAVA_INT, at + 12)) {
                    case IPV6_HOPLIMIT -> hopLimit = memory.get(JAVA_INT, at + CONTROL_HEADER);
                    case IPV6_PKTINFO -> {
                        destinationHigh = memory.get(NET_LONG, at + CONTROL_HEADER);
                        destinationLow = memory.get(NET_LONG, at + CONTROL_HEADER + 8);
                    }
                    default -> {}
                }
            }
            at += (length + 7) & ~7L;
        }
        return new Received(
                memory.get(NET_LONG, NAME + 8),
                memory.get(NET_LONG, NAME + 16),
                destinationHigh,
                destinationLow,
                hopLimit,
                payload(),
                bytes);
    }

    private void header(int nameBytes, int payloadBytes, int controlBytes) {
        memory.set(JAVA_LONG, 0, memory.address() + NAME);
        memory.set(JAVA_LONG, 8, nameBytes);
        memory.set(JAVA_LONG, 16, memory.address() + VECTOR);
        memory.set(JAVA_LONG, 24, 1);
        memory.set(JAVA_LONG, 32, memory.address() + CONTROL);
        memory.set(JAVA_LONG, 40, controlBytes);
        memory.set(JAVA_LONG, 48, 0);
        memory.set(JAVA_LONG, VECTOR, memory.address() + PAYLOAD);
        memory.set(JAVA_LONG, VECTOR + 8, payloadBytes);
    }

    private void control(int level, int type, int dataBytes) {
        memory.set(JAVA_LONG, CONTROL, CONTROL_HEADER + dataBytes);
        memory.set(JAVA_INT, CONTROL + 8, level);
        memory.set(JAVA_INT, CONTROL + 12, type);
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }
}

package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Sends echo requests and receives echo replies of ICMP (RFC 792) or ICMPv6 (RFC 4443 §4) by a raw socket, which needs CAP_NET_RAW. Any thread may send, one receives.
 *
 * <pre>
 * echo message: 0 type | 1 code | 2 checksum | 4 identifier | 6 sequence number | 8 data
 * </pre>
 */
public final class EchoSocket implements AutoCloseable {
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int SOL_RAW = 255;
    private static final int ICMP_FILTER = 1;
    private static final int ICMPV6_FILTER = 1;
    private static final int REQUEST = 8;
    private static final int REPLY = 0;
    private static final int REQUEST_6 = 128;
    private static final int REPLY_6 = 129;
    private static final int HEADER_BYTES = 8;
    private static final int LARGEST = 2048;
    private static final long WAKE_SECONDS = 1;

    private final int descriptor;
    private final boolean ipv6;
    private final int interfaceIndex;
    private final MemorySegment buffer = Arena.ofAuto().allocate(LARGEST, 8);

    private EchoSocket(int descriptor, boolean ipv6, int interfaceIndex) {
        this.descriptor = descriptor;
        this.ipv6 = ipv6;
        this.interfaceIndex = interfaceIndex;
    }

    /**
     * @param source of requests; null = as routed
     * @param networkInterface null = as routed
     * @param mark for routing rules, 0 = none
     * @throws SystemCallException when the kernel refuses
     */
    public static EchoSocket open(
            boolean ipv6, @Nullable InetAddress source, @Nullable String networkInterface, int mark) {
        int descriptor = Sockets.open(
                ipv6 ? Sockets.AF_INET6 : Sockets.AF_INET, Sockets.SOCK_RAW, ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
        try {
            onlyReplies(descriptor, ipv6);
            Sockets.setReceiveTimeout(descriptor, WAKE_SECONDS);
            int index = 0;
            if (networkInterface != null) {
                Sockets.bindToDevice(descriptor, networkInterface);
                index = NetworkDevice.find(networkInterface)
                        .map(EchoSocket::indexOf)
                        .orElse(0);
            }
            if (mark != 0) {
                Sockets.setMark(descriptor, mark);
            }
            if (source != null) {
                InternetSockets.bind(descriptor, source);
            }
            return new EchoSocket(descriptor, ipv6, index);
        } catch (RuntimeException e) {
            Descriptors.close(descriptor);
            throw e;
        }
    }

    private static int indexOf(NetworkDevice device) {
        try (device) {
            return device.index();
        }
    }

    /** A bit that is set keeps its type out (linux/icmp.h struct icmp_filter, linux/icmpv6.h struct icmp6_filter). */
    private static void onlyReplies(int descriptor, boolean ipv6) {
        if (ipv6) {
            int[] words = {-1, -1, -1, -1, -1, -1, -1, -1};
            words[REPLY_6 / 32] &= ~(1 << REPLY_6 % 32);
            Sockets.setOption(descriptor, IPPROTO_ICMPV6, ICMPV6_FILTER, "ICMPV6_FILTER", words);
        } else {
            Sockets.setOption(descriptor, SOL_RAW, ICMP_FILTER, "ICMP_FILTER", ~(1 << REPLY));
        }
    }

    /**
     * @param data comes back in the reply
     * @throws SystemCallException when there is no way there, or the socket is closed
     */
    public void send(InetAddress destination, int identifier, int sequence, byte[] data) {
        byte[] message = new byte[HEADER_BYTES + data.length];
        message[0] = (byte) (ipv6 ? REQUEST_6 : REQUEST);
        putShort(message, 4, identifier);
        putShort(message, 6, sequence);
        System.arraycopy(data, 0, message, HEADER_BYTES, data.length);
        if (!ipv6) {
            // ICMPv6's covers addresses, so the kernel writes it (RFC 3542 §3.1).
            putShort(message, 2, checksum(message));
        }
        InternetSockets.sendTo(descriptor, message, destination, interfaceIndex);
    }

    /**
     * Waits about a second at most.
     *
     * @return the data of an echo reply, anybody's; null = none came
     * @throws SystemCallException when the socket is closed or the kernel refuses
     */
    public byte @Nullable [] receive() {
        CallState state = CallState.current();
        long bytes = Sockets.receive(state, descriptor, buffer.address(), LARGEST, 0);
        if (bytes < 0) {
            int errno = state.errno();
            if (errno == Errno.EAGAIN || errno == Errno.EINTR || errno == Errno.ENETDOWN) {
                return null;
            }
            throw new SystemCallException("recv of an echo reply", errno);
        }
        // A raw socket of IPv4 gets the header too, one of IPv6 does not.
        long at = ipv6 || bytes == 0 ? 0 : (buffer.get(JAVA_BYTE, 0) & 0xf) * 4L;
        if (bytes < at + HEADER_BYTES || (buffer.get(JAVA_BYTE, at) & 0xff) != (ipv6 ? REPLY_6 : REPLY)) {
            return null;
        }
        return buffer.asSlice(at + HEADER_BYTES, bytes - at - HEADER_BYTES).toArray(JAVA_BYTE);
    }

    private static void putShort(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    /** RFC 1071, of a message whose checksum field is 0. */
    private static int checksum(byte[] message) {
        int sum = 0;
        for (int i = 0; i < message.length; i++) {
            sum += (message[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }

    /** Nobody may use it then. */
    @Override
    public void close() {
        Descriptors.close(descriptor);
    }
}

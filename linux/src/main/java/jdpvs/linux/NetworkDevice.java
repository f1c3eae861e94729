package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A network interface of one namespace, asked by ioctl (netdevice(7)): {@code /sys/class/net} shows the namespace that mounted it, an ioctl
 * that of its socket.
 *
 * <pre>
 * struct ifreq (40 bytes): 0 name (16) | 16 union: index int, flags short, MTU int, sockaddr { family short, data }, pointer
 * </pre>
 */
public final class NetworkDevice implements AutoCloseable {
    /** ARPHRD_ETHER. */
    public static final int ETHERNET = 1;

    private static final int NAME_BYTES = 16;
    private static final int IFREQ_BYTES = 40;
    static final int UNION = 16;

    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int SIOCGIFMTU = 0x8921;
    private static final int SIOCSIFMTU = 0x8922;
    private static final int SIOCSIFHWADDR = 0x8924;
    private static final int SIOCGIFHWADDR = 0x8927;
    private static final int SIOCGIFINDEX = 0x8933;
    private static final int SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GSET = 1;
    private static final int ETHTOOL_GLINK = 10;

    private static final int IFF_UP = 0x1;
    private static final int IFF_RUNNING = 0x40;

    private final String name;
    private final int socket;
    private final int index;

    private NetworkDevice(String name, int socket, int index) {
        this.name = name;
        this.socket = socket;
        this.index = index;
    }

    /** Finds an interface in the calling thread's network namespace. Close the result. */
    public static Optional<NetworkDevice> find(String name) {
        if (!isName(name)) {
            return Optional.empty();
        }
        int socket = Sockets.open(Sockets.AF_INET, Sockets.SOCK_DGRAM, 0);
        try {
            int index = new NetworkDevice(name, socket, 0)
                    .ask("SIOCGIFINDEX", SIOCGIFINDEX)
                    .get(JAVA_INT, UNION);
            return Optional.of(new NetworkDevice(name, socket, index));
        } catch (SystemCallException e) {
            Descriptors.close(socket);
            if (e.errno() == Errno.ENODEV) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether an interface can be called so (the kernel's {@code dev_valid_name}). A percent sign would stand for a number of its choice. */
    static boolean isName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes > 0
                && bytes < NAME_BYTES
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == ':' || c == '%' || c <= ' ');
    }

    public String name() {
        return name;
    }

    public int index() {
        return index;
    }

    /** Whether the interface that was found is still there: not removed, and no other in its place under its name. */
    public boolean isThere() {
        try {
            return ask("SIOCGIFINDEX", SIOCGIFINDEX).get(JAVA_INT, UNION) == index;
        } catch (SystemCallException e) {
            if (e.errno() == Errno.ENODEV) {
                return false;
            }
            throw e;
        }
    }

    /** ARPHRD_…: {@link #ETHERNET} for everything with Ethernet headers but the loopback (772). */
    public int hardwareType() {
        return ask("SIOCGIFHWADDR", SIOCGIFHWADDR).get(JAVA_SHORT, UNION) & 0xffff;
    }

    /** 48 bits, first octet most significant. */
    public long macAddress() {
        MemorySegment reply = ask("SIOCGIFHWADDR", SIOCGIFHWADDR);
        long mac = 0;
        for (int i = 0; i < 6; i++) {
            mac = mac << 8 | Byte.toUnsignedLong(reply.get(JAVA_BYTE, UNION + 2 + i));
        }
        return mac;
    }

    /**
     * @throws SystemCallException EADDRNOTAVAIL when it cannot be a station's, EBUSY where the driver wants the interface down first
     */
    public void setMacAddress(long macAddress) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            request.set(JAVA_SHORT, UNION, (short) ETHERNET);
            for (int i = 0; i < 6; i++) {
                request.set(JAVA_BYTE, UNION + 2 + i, (byte) (macAddress >>> (40 - 8 * i)));
            }
            Descriptors.ioctl(socket, "SIOCSIFHWADDR of " + name, SIOCSIFHWADDR, request);
        }
    }

    /**
     * @throws SystemCallException EINVAL when the driver has no such frames
     */
    public void setMtu(int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            request.set(JAVA_INT, UNION, bytes);
            Descriptors.ioctl(socket, "SIOCSIFMTU of " + name, SIOCSIFMTU, request);
        }
    }

    public int mtu() {
        return ask("SIOCGIFMTU", SIOCGIFMTU).get(JAVA_INT, UNION);
    }

    /**
     * Administratively up and with a carrier. The flag alone is not enough: it goes by the kernel's link watch (net/core/link_watch.c), which lets losses through once a second, so that the second
     * of two cables seems to live that long.
     */
    public boolean isRunning() {
        // First, for where the driver is asked the flag is brought up to date.
        if (!hasCarrier()) {
            return false;
        }
        int flags = ask("SIOCGIFFLAGS", SIOCGIFFLAGS).get(JAVA_SHORT, UNION);
        return (flags & IFF_UP) != 0 && (flags & IFF_RUNNING) != 0;
    }

    /** What the driver says now (struct ethtool_value: 0 command | 4 data); true where it cannot say. */
    private boolean hasCarrier() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(8, 4);
            value.set(JAVA_INT, 0, ETHTOOL_GLINK);
            askDriver(arena, "ETHTOOL_GLINK of " + name, value);
            return value.get(JAVA_INT, 4) != 0;
        } catch (SystemCallException e) {
            if (e.errno() == Errno.EOPNOTSUPP) {
                return true;
            }
            throw e;
        }
    }

    private void askDriver(Arena arena, String call, MemorySegment command) {
        MemorySegment request = request(arena, name);
        request.set(JAVA_LONG, UNION, command.address());
        Descriptors.ioctl(socket, call, SIOCETHTOOL, request);
    }

    /** Administratively up. */
    public boolean isUp() {
        return (ask("SIOCGIFFLAGS", SIOCGIFFLAGS).get(JAVA_SHORT, UNION) & IFF_UP) != 0;
    }

    /**
     * What the driver says about the wire; empty where it says nothing (virtual devices, no carrier).
     *
     * <pre>
     * struct ethtool_cmd (44 bytes): 0 command | 4 supported | 8 advertised | 12 speed, low 16 bits | 14 duplex (1 = full) |
     *                                15 port | … | 18 auto-negotiation | … | 28 speed, high 16 bits | …
     * </pre>
     */
    public Optional<Wire> wire() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment command = arena.allocate(44, 8);
            command.set(JAVA_INT, 0, ETHTOOL_GSET);
            askDriver(arena, "ETHTOOL_GSET of " + name, command);
            int speed = (command.get(JAVA_SHORT, 12) & 0xffff) | (command.get(JAVA_SHORT, 28) << 16);
            if (speed <= 0 || speed == 0xffff) {
                return Optional.empty();
            }
            return Optional.of(new Wire(speed, command.get(JAVA_BYTE, 14) == 1, command.get(JAVA_BYTE, 18) == 1));
        } catch (SystemCallException e) {
            return Optional.empty();
        }
    }

    /** Speed in Mbit/s. */
    public record Wire(int speedMegabits, boolean fullDuplex, boolean autoNegotiated) {}

    @Override
    public void close() {
        Descriptors.close(socket);
    }

    private MemorySegment ask(String call, int code) {
        MemorySegment request = request(Arena.ofAuto(), name);
        Descriptors.ioctl(socket, call + " of " + name, code, request);
        return request;
    }

    /** A request about an interface, its union still zero. */
    static MemorySegment request(Arena arena, String name) {
        MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
        request.setString(0, name);
        return request;
    }
}

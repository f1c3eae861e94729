package jdpvs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A TAP interface: what the kernel sends to it we read, what we write it receives (linux/if_tun.h). Every frame comes and goes behind a virtio-net header, so that
 * segments of 64 KB and partial checksums stay whole. One thread at a time reads, one writes.
 *
 * <pre>
 *  address          address + 10
 *  +----------------+-----------------+----------------- … ---+
 *  | virtio_net_hdr | Ethernet header | IP …                  |     {@link #LONGEST} bytes at most
 *  +----------------+-----------------+----------------- … ---+
 * </pre>
 *
 * The interface has a carrier while it is open; the kernel takes it away when the descriptor goes.
 */
public final class TapDevice implements AutoCloseable {
    /** Bytes of the virtio-net header. */
    public static final int HEADER_BYTES = 10;

    /** Bytes of the longest frame, its header and two VLAN tags included: less memory for a read may cut it off. */
    public static final int LONGEST = HEADER_BYTES + 22 + 65_535;

    private static final String CLONE_DEVICE = "/dev/net/tun";

    private static final int IFF_TAP = 0x2;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETPERSIST = 0x400454cbL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final long TUNSETCARRIER = 0x400454e2L;

    private static final long OFFLOAD_CHECKSUM = 1;
    private static final long OFFLOAD_TSO4 = 2;
    private static final long OFFLOAD_TSO6 = 4;

    private static final MethodHandle READ =
            Libc.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle WRITE =
            Libc.function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));

    private final int descriptor;
    private final NetworkDevice device;

    private TapDevice(int descriptor, NetworkDevice device) {
        this.descriptor = descriptor;
        this.device = device;
    }

    /**
     * Makes the interface in the calling thread's network namespace, or takes over one that nobody holds. A new one is down and without addresses.
     *
     * @param persistent whether it stays when it is closed or the process ends, with its addresses, its MAC address and up as it was, to be taken over by the next
     *     start; otherwise it goes, even if it was persistent before
     * @throws TapException after which nothing new is left
     */
    public static TapDevice open(String name, boolean persistent) throws TapException {
        if (!NetworkDevice.isName(name)) {
            throw new TapException("'" + name
                    + "' is no name for a TAP interface; it needs 1 to 15 bytes, none of them blank or one of / : %");
        }
        int descriptor = openCloneDevice(name);
        try {
            attach(descriptor, name);
            setWord(descriptor, "TUNSETVNETHDRSZ", TUNSETVNETHDRSZ, HEADER_BYTES);
            Descriptors.ioctl(
                    descriptor, "TUNSETOFFLOAD", TUNSETOFFLOAD, OFFLOAD_CHECKSUM | OFFLOAD_TSO4 | OFFLOAD_TSO6);
            NetworkDevice device = NetworkDevice.find(name)
                    .orElseThrow(() -> new SystemCallException("SIOCGIFINDEX of " + name, Errno.ENODEV));
            // Last, for what failed before shall leave no interface behind.
            Descriptors.ioctl(descriptor, "TUNSETPERSIST", TUNSETPERSIST, persistent ? 1 : 0);
            return new TapDevice(descriptor, device);
        } catch (SystemCallException e) {
            Descriptors.close(descriptor);
            throw refused(name, e);
        }
    }

    private static int openCloneDevice(String name) throws TapException {
        try {
            return Descriptors.open(CLONE_DEVICE, Descriptors.O_RDWR | Descriptors.O_NONBLOCK);
        } catch (SystemCallException e) {
            throw missing(name, CLONE_DEVICE, e);
        }
    }

    static TapException missing(String name, String path, SystemCallException e) {
        String cause = "TAP interface " + name + ": " + path + " cannot be opened: " + e.reason();
        return switch (e.errno()) {
            case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO ->
                new TapException(
                        cause + "; 'modprobe tun' brings it, and a container must be given it (--device " + path + ")",
                        e);
            case Errno.EACCES, Errno.EPERM -> new TapException(cause + "; run dpvs as root", e);
            default -> new TapException(cause, e);
        };
    }

    private static void attach(int descriptor, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = NetworkDevice.request(arena, name);
            request.set(JAVA_SHORT, NetworkDevice.UNION, (short) (IFF_TAP | IFF_NO_PI | IFF_VNET_HDR));
            Descriptors.ioctl(descriptor, "TUNSETIFF " + name, TUNSETIFF, request);
        }
    }

    private static TapException refused(String name, SystemCallException e) {
        String where = "TAP interface " + name;
        return switch (e.errno()) {
            case Errno.EBUSY ->
                new TapException(where + " is in use by another process; end that one, or choose another name", e);
            case Errno.EINVAL ->
                new TapException(
                        where + ": the name belongs to an interface that is no TAP (or one with several queues);"
                                + " choose another name, or remove it with 'ip link del " + name + "'",
                        e);
            case Errno.EPERM ->
                new TapException(
                        where + ": the kernel does not permit it; it takes CAP_NET_ADMIN, run dpvs as root", e);
            default -> new TapException(where + " cannot be opened: " + e.getMessage(), e);
        };
    }

    /** The interface, to be asked and changed; closed with this. */
    public NetworkDevice device() {
        return device;
    }

    /** Readable when a frame waits. */
    public int descriptor() {
        return descriptor;
    }

    /**
     * Reads one frame, without waiting.
     *
     * @param state where errno is left: EAGAIN when there is none, EBADFD when somebody has removed the interface, and then always: close it
     * @param address where the virtio-net header goes
     * @param bytes of memory there, {@link #LONGEST} for frames of any length
     * @return bytes read, the virtio-net header included, or -1
     */
    public long read(CallState state, long address, long bytes) {
        try {
            return (long) READ.invokeExact(state.segment(), descriptor, address, bytes);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /**
     * Writes one frame.
     *
     * @param state where errno is left: EIO while the interface is down, EINVAL when the virtio-net header does not fit the frame
     * @param address of the virtio-net header
     * @param bytes with that header
     * @return whether the kernel took it
     */
    public boolean write(CallState state, long address, long bytes) {
        try {
            return (long) WRITE.invokeExact(state.segment(), descriptor, address, bytes) == bytes;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Lets the interface follow the carrier of what it stands for; kernel 5.0. */
    public void setCarrier(boolean on) {
        setWord(descriptor, "TUNSETCARRIER", TUNSETCARRIER, on ? 1 : 0);
    }

    private static void setWord(int descriptor, String call, long request, int value) {
        try (Arena arena = Arena.ofConfined()) {
            Descriptors.ioctl(descriptor, call, request, arena.allocateFrom(JAVA_INT, value));
        }
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
        device.close();
    }
}

package jdpvs.port.packet;

import jdpvs.linux.Errno;
import jdpvs.linux.Machine;
import jdpvs.linux.NetworkDevice;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.bpf.VerifierException;
import jdpvs.linux.netlink.AddressMonitor;
import jdpvs.linux.netlink.InterfaceAddress;
import jdpvs.linux.netlink.NetlinkException;
import jdpvs.port.Port;
import jdpvs.port.PortDriver;
import jdpvs.port.PortException;
import jdpvs.port.PortOptions;
import jdpvs.wire.Address;

/** {@code packet:IF[,share|exclusive]}, where share is meant unless the port has a control queue: checks what the port needs, and explains what is missing. */
public final class PacketDriver implements PortDriver {
    /** The first kernel with TCX, whose programs go with the process. */
    private static final int TCX_MAJOR = 6;

    private static final int TCX_MINOR = 6;

    @Override
    public Port open(String name, String specification, String arguments, PortOptions options) throws PortException {
        PacketArguments parsed = PacketArguments.parse(name, specification, arguments);
        String where = "port " + name + ": interface " + parsed.interfaceName();
        requireRights(where);
        if (!Machine.kernelAtLeast(TCX_MAJOR, TCX_MINOR)) {
            throw new PortException(where + ": this kernel is " + Machine.kernelRelease()
                    + "; sharing an interface with it needs 6.6 or newer (eBPF programs at TCX)");
        }
        NetworkDevice device = find(name, where, parsed.interfaceName());
        boolean exclusive = parsed.mode() == PacketArguments.Mode.EXCLUSIVE;
        if (parsed.mode() == PacketArguments.Mode.UNSAID && options.control()) {
            // What the kernel is to have it gets by the control queue.
            requireUnused(where, device);
            exclusive = true;
        }
        try {
            return PacketPort.open(name, specification, device, exclusive, options);
        } catch (SystemCallException e) {
            device.close();
            throw refused(where, e, options);
        } catch (VerifierException e) {
            device.close();
            throw new PortException(
                    where + ": this kernel does not take the port's eBPF programs: " + e.getMessage(), e);
        }
    }

    @Override
    public long memoryBytes(PortOptions options) {
        long rings = options.queueCount() * ReceiveRing.memoryBytes(options.descriptorsPerQueue());
        return options.control() ? rings + ControlQueue.memoryBytes() : rings;
    }

    /** Taking an interface away from the kernel may cut off whoever started dpvs through it: that takes a word. */
    private static void requireUnused(String where, NetworkDevice device) throws PortException {
        try (AddressMonitor monitor = AddressMonitor.open()) {
            for (InterfaceAddress found : monitor.addresses(device.index())) {
                Address address = new Address(found.high(), found.low());
                if (!address.isLinkLocal()) {
                    device.close();
                    throw new PortException(where + " has the address " + address
                            + " in the kernel, which nobody could reach there any more; move it to the kernel interface (kni_name), or write packet:"
                            + device.name() + ",exclusive to do without it");
                }
            }
        } catch (SystemCallException | NetlinkException e) {
            device.close();
            throw new PortException(where + " cannot be asked for its addresses: " + e.getMessage(), e);
        }
    }

    private static NetworkDevice find(String name, String where, String interfaceName) throws PortException {
        try {
            NetworkDevice device = NetworkDevice.find(interfaceName)
                    .orElseThrow(() -> new PortException("port " + name + ": there is no network interface "
                            + interfaceName
                            + " here; 'ip link' shows those there are, and '--port " + name
                            + "=packet:IF' or 'port packet:IF' in its device block names another"));
            if (device.hardwareType() != NetworkDevice.ETHERNET) {
                device.close();
                throw new PortException(where + " does not speak Ethernet; name one that does");
            }
            return device;
        } catch (SystemCallException e) {
            throw new PortException(where + " cannot be asked: " + e.getMessage(), e);
        }
    }

    private static void requireRights(String where) throws PortException {
        require(where, "CAP_NET_RAW", Machine.hasCapability(Machine.CAP_NET_RAW));
        require(where, "CAP_NET_ADMIN", Machine.hasCapability(Machine.CAP_NET_ADMIN));
        require(
                where,
                "CAP_BPF",
                Machine.hasCapability(Machine.CAP_BPF) || Machine.hasCapability(Machine.CAP_SYS_ADMIN));
    }

    private static void require(String where, String capability, boolean present) throws PortException {
        if (!present) {
            throw new PortException(where + " needs the capability " + capability + "; run dpvs as root");
        }
    }

    private PortException refused(String where, SystemCallException e, PortOptions options) {
        if (e.errno() == Errno.ENOMEM || e.errno() == Errno.ENOBUFS) {
            long megabytes = memoryBytes(options) >> 20;
            return new PortException(
                    where + ": no memory for " + options.queueCount() + " receive rings of "
                            + options.descriptorsPerQueue() + " frames (" + megabytes
                            + " MB); lower descriptor_number in the rx block of the device, or its queues",
                    e);
        }
        if (e.errno() == Errno.EPERM) {
            return new PortException(
                    where + ": the kernel does not permit it (" + e.getMessage() + "); run dpvs as root", e);
        }
        return new PortException(where + " cannot be opened: " + e.getMessage(), e);
    }
}

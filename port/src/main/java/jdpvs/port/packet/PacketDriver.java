package jdpvs.port.packet;

import jdpvs.linux.Errno;
import jdpvs.linux.Machine;
import jdpvs.linux.NetworkDevice;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.bpf.VerifierException;
import jdpvs.port.Port;
import jdpvs.port.PortDriver;
import jdpvs.port.PortException;
import jdpvs.port.PortOptions;

/** {@code packet:IF[,share|exclusive]}: checks what the port needs, and explains what is missing. */
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
        try {
            return PacketPort.open(name, specification, device, parsed.exclusive(), options);
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
        return options.queueCount() * ReceiveRing.memoryBytes(options.descriptorsPerQueue());
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

    private static PortException refused(String where, SystemCallException e, PortOptions options) {
        if (e.errno() == Errno.ENOMEM || e.errno() == Errno.ENOBUFS) {
            long megabytes = (ReceiveRing.memoryBytes(options.descriptorsPerQueue()) * options.queueCount()) >> 20;
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

package jdpvs.daemon.start;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import jdpvs.daemon.kernel.KernelInterface;
import jdpvs.daemon.kernel.KernelInterfaces;
import jdpvs.daemon.kernel.KernelThread;
import jdpvs.daemon.kernel.PersistentTap;
import jdpvs.daemon.worker.LinkFlags;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.TapException;
import jdpvs.linux.netlink.AddressMonitor;
import jdpvs.linux.netlink.NetlinkException;
import jdpvs.port.Port;
import jdpvs.port.PortQueue;
import jdpvs.process.StartException;
import jdpvs.stack.Device;
import org.jspecify.annotations.Nullable;

/** Makes the kernel's side of the devices at start, and lets it go. */
final class KernelStart implements AutoCloseable {
    private KernelInterfaces kernel = KernelInterfaces.none();
    private @Nullable KernelThread thread;

    /**
     * Opens the kernel interface of each device that has a {@code kni_name}.
     *
     * @param ports by device id
     * @param mtus of the devices by their id
     * @throws StartException with a sentence that names device and interface
     */
    KernelInterfaces interfaces(DaemonPlan plan, List<Port> ports, IntUnaryOperator mtus) throws StartException {
        List<KernelInterface> interfaces = new ArrayList<>();
        for (int device = 0; device < ports.size(); device++) {
            String name = plan.kernelInterface(device);
            if (name != null) {
                interfaces.add(open(device, ports.get(device), name, mtus.applyAsInt(device)));
                // Whatever is open is let go also when the next one fails.
                kernel = new KernelInterfaces(ports.size(), interfaces, PersistentTap::open);
            }
        }
        return kernel;
    }

    private KernelInterface open(int device, Port port, String name, int mtu) throws StartException {
        String where = "device " + port.name() + ": kernel interface " + name;
        PortQueue control = port.control();
        if (control == null) {
            throw new StartException(where + ": its port " + port.specification()
                    + " cannot tell the kernel's frames from others; take kni_name out of its block");
        }
        if (port.sharedWithKernel()) {
            throw new StartException(where + ": the kernel would get every frame twice, by " + port.specification()
                    + " and by " + name + "; write exclusive instead of share, or take kni_name out of its block");
        }
        try {
            Device beside = new Device(device, port.name(), port.macAddress(), mtu, false, true);
            return new KernelInterface(beside, name, control, PersistentTap::open);
        } catch (TapException e) {
            throw new StartException("device " + port.name() + ": " + e.getMessage(), e);
        } catch (SystemCallException e) {
            throw new StartException(where + " cannot be set up: " + e.getMessage(), e);
        }
    }

    /** The thread for what is beside the workers' work, not started yet; null where no port needs one. */
    @Nullable KernelThread thread(
            DaemonPlan plan,
            List<Port> ports,
            KernelInterfaces interfaces,
            LinkFlags links,
            KernelThread.Listener listener)
            throws StartException {
        if (KernelThread.isNeeded(ports)) {
            thread = new KernelThread(ports, interfaces, links::isUp, monitor(ports), listener, plan.kernelCpu());
        }
        return thread;
    }

    private @Nullable AddressMonitor monitor(List<Port> ports) throws StartException {
        if (kernel.all().isEmpty() && !KernelThread.followsLinks(ports)) {
            return null;
        }
        try {
            return AddressMonitor.open();
        } catch (SystemCallException | NetlinkException e) {
            throw new StartException("the kernel's addresses and links cannot be followed: " + e.getMessage(), e);
        }
    }

    /** To be called when the workers have stopped, and before the ports are closed. */
    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
        kernel.close();
    }
}

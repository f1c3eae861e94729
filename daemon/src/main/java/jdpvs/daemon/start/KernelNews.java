package jdpvs.daemon.start;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import jdpvs.daemon.kernel.KernelHas;
import jdpvs.daemon.kernel.KernelThread;
import jdpvs.daemon.plane.ControlPlane;
import jdpvs.daemon.worker.DataPlane;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.process.Defects;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries what the kernel thread hears to those who act on it, without letting it wait for them. */
final class KernelNews implements KernelThread.Listener {
    private static final Logger LOG = LoggerFactory.getLogger("Kni");

    private final ControlPlane control;
    private final DataPlane workers;
    private final Executor executor;

    /** @param executor runs one task at a time, in their order */
    KernelNews(ControlPlane control, DataPlane workers, Executor executor) {
        this.control = control;
        this.workers = workers;
        this.executor = executor;
    }

    @Override
    public void addresses(KernelHas now) {
        try {
            executor.execute(() -> follow(now));
        } catch (RejectedExecutionException e) {
            LOG.debug("dpvs is stopping: the kernel's addresses are not followed any more");
        }
    }

    private void follow(KernelHas now) {
        Defects.survive(LOG, "following the kernel's addresses", () -> control.kernelAddresses(now));
    }

    /** The switches behind the new way learn from it where our addresses are. */
    @Override
    public void moved(int device) {
        WorkerUnit first = workers.units().getFirst();
        boolean posted = first.worker().post(() -> announceAll(first, device));
        if (!posted) {
            LOG.warn(
                    "device {}: its addresses were not announced anew, worker {} has too much to do",
                    device,
                    first.worker().name());
        }
    }

    /** Frames of the VLAN devices on it go the same way. */
    private static void announceAll(WorkerUnit unit, int device) {
        announce(unit, device);
        for (Device vlan : unit.worker().context().network.devices()) {
            if (vlan.parent() == device) {
                announce(unit, vlan.id());
            }
        }
    }

    private static void announce(WorkerUnit unit, int device) {
        NetworkConfiguration network = unit.worker().context().network;
        List<InterfaceAddress> addresses = network.addresses(device);
        for (InterfaceAddress address : addresses) {
            unit.stack().announce(device, address.address());
        }
        network.kernelAddresses().forEach((address, beside) -> {
            if (beside.id() == device) {
                unit.stack().announce(device, address);
            }
        });
    }
}

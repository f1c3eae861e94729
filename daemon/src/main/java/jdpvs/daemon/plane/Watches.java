package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.PacketEvent;
import jdpvs.control.WatchRequest;
import jdpvs.daemon.watch.PacketWatches;
import jdpvs.daemon.watch.Watcher;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.linux.SystemCallException;
import jdpvs.port.filter.FilterException;
import jdpvs.stack.Device;
import jdpvs.stack.NetworkConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who watches packets at the moment; each on the thread that asked. */
final class Watches {
    /** Each costs the workers time for every packet. */
    static final int MOST = 4;

    private static final Logger LOG = LoggerFactory.getLogger("CTRL");
    private static final long FAREWELL_NANOS = 2_000_000_000;

    private final List<WorkerUnit> units;
    private final List<Watcher> open = new ArrayList<>();

    /** @param units in worker order */
    Watches(List<WorkerUnit> units) {
        this.units = units;
    }

    /** Shows events until the visitor answers false. */
    void watch(WatchRequest request, NetworkConfiguration network, Predicate<PacketEvent> visitor)
            throws ControlException {
        Watcher watcher = begin(request, network);
        try {
            watcher.show(visitor);
        } finally {
            end(watcher);
        }
    }

    private synchronized Watcher begin(WatchRequest request, NetworkConfiguration network) throws ControlException {
        if (open.size() == MOST) {
            throw new ControlException(
                    ErrorCode.NO_RESOURCE, MOST + " captures and live traces run already; end one of them first");
        }
        Watcher watcher;
        try {
            watcher = new Watcher(
                    units.stream().map(unit -> unit.worker().context()).toList(),
                    request.filter(),
                    device(request, network),
                    request.snapLength(),
                    request.follow(),
                    id -> {
                        Device device = network.device(id);
                        return device == null ? null : device.name();
                    });
        } catch (FilterException e) {
            throw new ControlException(ErrorCode.INVALID, String.valueOf(e.getMessage()));
        } catch (SystemCallException e) {
            throw new ControlException(ErrorCode.NO_MEMORY, "no memory for watching packets: " + e.getMessage());
        }
        open.add(watcher);
        publish();
        return watcher;
    }

    private static int device(WatchRequest request, NetworkConfiguration network) throws ControlException {
        String name = request.device();
        if (name == null) {
            return -1;
        }
        for (Device device : network.devices()) {
            if (device.name().equals(name)) {
                return device.id();
            }
        }
        List<String> names = network.devices().stream().map(Device::name).toList();
        throw new ControlException(
                ErrorCode.NO_DEVICE,
                String.format(Locale.ROOT, "%s; the devices are %s", name, String.join(", ", names)));
    }

    private synchronized void end(Watcher watcher) {
        open.remove(watcher);
        List<PacketWatches> published = publish();
        long deadline = System.nanoTime() + FAREWELL_NANOS;
        for (int i = 0; i < units.size(); i++) {
            while (!isAdopted(i, published)) {
                if (System.nanoTime() - deadline > 0) {
                    LOG.warn(
                            "worker {} does not answer; the memory of a capture stays in use",
                            units.get(i).worker().name());
                    return;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
        watcher.close();
    }

    /** @return what every worker was given, in worker order; empty = nobody watches */
    private List<PacketWatches> publish() {
        List<PacketWatches> published = new ArrayList<>();
        for (int i = 0; i < units.size(); i++) {
            int worker = i;
            if (open.isEmpty()) {
                units.get(i).worker().watch(null);
            } else {
                PacketWatches watches = new PacketWatches(
                        open.stream().map(watcher -> watcher.watch(worker)).toList());
                units.get(i).worker().watch(watches);
                published.add(watches);
            }
        }
        return published;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isAdopted(int worker, List<PacketWatches> published) {
        PacketWatches now = units.get(worker).worker().watches();
        return now == (published.isEmpty() ? null : published.get(worker));
    }
}

package jdpvs.daemon.plane;

import java.util.List;
import jdpvs.balancer.connection.LocalPorts;
import jdpvs.control.Views;
import jdpvs.daemon.worker.WorkerUnit;
import org.jspecify.annotations.Nullable;

/** Source ports of local addresses over all workers, as {@code dpip addr show -s} counts them. */
final class PortPools {
    private final List<WorkerUnit> units;
    private final int hashes;

    PortPools(List<WorkerUnit> units, int hashes) {
        this.units = units;
        this.hashes = hashes;
    }

    /**
     * @param localId -1 when no service uses the address
     * @param hasPool whether the address was added with one
     * @param worker from 0, or -1 for all
     */
    Views.@Nullable Pool pool(int localId, boolean hasPool, int worker) {
        if (!hasPool && localId < 0) {
            return null;
        }
        long used = 0;
        long capacity = 0;
        long missed = 0;
        for (int i = 0; i < units.size(); i++) {
            if (worker >= 0 && worker != i) {
                continue;
            }
            LocalPorts ports = ports(i);
            capacity += (long) ports.count() * hashes;
            if (localId >= 0) {
                used += ports.used(localId);
                missed += ports.misses(localId);
            }
        }
        // One port serves any number of servers here, so more may be in use than DPVS's pools would hold.
        return new Views.Pool(used, Math.max(0, capacity - used), missed);
    }

    /** Connections of a service through a local address. */
    long connections(int service, int localId) {
        long sum = 0;
        for (WorkerUnit unit : units) {
            sum += unit.balancer().connections().localAddressUse().connections(service, localId);
        }
        return sum;
    }

    /** Whether no connection uses the local address. */
    boolean isIdle(int localId) {
        for (int i = 0; i < units.size(); i++) {
            if (ports(i).used(localId) != 0) {
                return false;
            }
        }
        return true;
    }

    private LocalPorts ports(int worker) {
        return units.get(worker).balancer().connections().localPorts();
    }
}

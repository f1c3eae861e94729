package jdpvs.daemon.start;

import java.util.Locale;
import jdpvs.balancer.forward.WorkerBalancer;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.session.SessionRecorder;
import jdpvs.daemon.kernel.KernelThread;
import jdpvs.daemon.worker.DataPlane;
import jdpvs.port.PortException;
import jdpvs.process.StartException;

/**
 * What a start needs and the machine has.
 *
 * @param connections of all workers' connection tables
 * @param ports of all ports' rings
 * @param rest hand-over rings, counters, buffers
 */
record MemoryBudget(long connections, long ports, long rest) {
    /** For the Java heap, compiled code and the kernel's own bookkeeping. */
    private static final long RESERVE_BYTES = 256L << 20;

    static MemoryBudget of(DaemonPlan plan, PortOpener opener, Limits limits) throws StartException {
        int workers = plan.workers().size();
        boolean sessions = plan.sessionLog() != null;
        long tables = workers
                * (WorkerBalancer.memoryBytes(plan.connectionsPerWorker())
                        + (sessions ? SessionRecorder.memoryBytes(plan.connectionsPerWorker()) : 0));
        long rings = 0;
        for (DaemonPlan.DevicePlan device : plan.devices()) {
            try {
                rings += opener.memoryBytes(device);
            } catch (PortException e) {
                throw new StartException(String.valueOf(e.getMessage()), e);
            }
        }
        long rest = DataPlane.memoryBytes(workers, plan.connectionsPerWorker(), limits, sessions) - tables;
        return new MemoryBudget(tables, rings, rest + KernelThread.memoryBytes());
    }

    long total() {
        return connections + ports + rest;
    }

    String sentence(DaemonPlan plan, long availableBytes) {
        return String.format(
                Locale.ROOT,
                "memory: %s needed (%s for conn_pool_size %d, %s for the ports, %s for %d workers), %s available",
                text(total()),
                text(connections),
                plan.connections(),
                text(ports),
                text(rest),
                plan.workers().size(),
                text(availableBytes));
    }

    /** @throws StartException naming the key to lower */
    void check(DaemonPlan plan, long availableBytes) throws StartException {
        if (total() + RESERVE_BYTES <= availableBytes) {
            return;
        }
        String key = connections >= ports
                ? "lower conn_pool_size (now " + plan.connections() + ") in ipvs_defs"
                : "lower descriptor_number of the devices in netif_defs";
        throw new StartException("not enough memory: " + text(total()) + " and " + text(RESERVE_BYTES)
                + " for the program are needed, " + text(availableBytes) + " are available; " + key);
    }

    private static String text(long bytes) {
        return bytes >= 10L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30))
                : String.format(Locale.ROOT, "%d MiB", (bytes + (1 << 20) - 1) >> 20);
    }
}

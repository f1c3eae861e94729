package jdpvs.daemon.start;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.daemon.plane.LinkLocalMode;
import jdpvs.daemon.worker.WorkerPlan;
import jdpvs.port.bond.BondOptions;
import jdpvs.process.log.LogLevel;
import jdpvs.stack.StackSettings;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as start-up needs it: checked, numbered, nothing left open.
 *
 * @param devices in the order of their ids, from 0
 * @param bonds their ids follow those of the devices
 * @param workers in worker order
 * @param kernelWorker where the thread runs that serves kernel interfaces and what links say to each other; null = anywhere
 * @param connections {@code conn_pool_size}, of all workers together
 * @param poolHashes {@code pool_hash_size}
 * @param bufferCount {@code pktpool_size}, which has no meaning here but is listed
 * @param sessionLog a file or {@code syslog}; null = no session log
 * @param notices what an operator should know, one sentence each
 */
public record DaemonPlan(
        Reloadable reloadable,
        List<DevicePlan> devices,
        List<BondPlan> bonds,
        List<WorkerPlan> workers,
        @Nullable KernelWorker kernelWorker,
        int connections,
        int poolHashes,
        long bufferCount,
        @Nullable String sessionLog,
        List<String> notices) {
    public DaemonPlan {
        devices = List.copyOf(devices);
        bonds = List.copyOf(bonds);
        workers = List.copyOf(workers);
        notices = List.copyOf(notices);
    }

    /** The id of the bond that a device is a slave of, or -1. */
    int bondOf(int device) {
        for (int i = 0; i < bonds.size(); i++) {
            if (bonds.get(i).slaves().contains(device)) {
                return devices.size() + i;
            }
        }
        return -1;
    }

    /** What the configuration says about the largest IP packet of a device or bond, in bytes; 0 = nothing. */
    int mtu(int id) {
        return id < devices.size()
                ? devices.get(id).mtu()
                : bonds.get(id - devices.size()).mtu();
    }

    /** The name of the kernel's interface beside a device or bond; null = none. */
    @Nullable String kernelInterface(int id) {
        return id < devices.size()
                ? devices.get(id).kernelInterface()
                : bonds.get(id - devices.size()).kernelInterface();
    }

    /** Where the kernel's side is served; -1 = on any CPU. */
    int kernelCpu() {
        return kernelWorker == null ? -1 : kernelWorker.cpu();
    }

    /** The most connections of one worker. */
    int connectionsPerWorker() {
        return Math.max(1, (connections + workers.size() - 1) / workers.size());
    }

    /**
     * What a reload may change.
     *
     * @param logFile null = syslog
     */
    public record Reloadable(
            LogLevel logLevel,
            @Nullable Path logFile,
            boolean logTimestamps,
            Timeouts timeouts,
            StackSettings stack,
            LinkLocalMode linkLocal) {}

    /**
     * A device and how to reach it.
     *
     * @param specification driver and arguments, for example {@code packet:eth1}
     * @param mtu the largest IP packet in bytes, 0 = what the port says
     * @param queues as many as workers serve
     * @param receiveDescriptors frames that a receive queue holds
     * @param kernelInterface name of the interface that the kernel has beside it; null = none
     * @param control whether the port needs a {@link jdpvs.port.Port#control} queue, for LACP or the kernel
     */
    public record DevicePlan(
            String name,
            String specification,
            int mtu,
            boolean promiscuous,
            boolean allMulticast,
            int queues,
            int receiveDescriptors,
            @Nullable String kernelInterface,
            boolean control) {}

    /**
     * Several devices as one.
     *
     * @param slaves their ids
     * @param mtu the largest IP packet in bytes, 0 = what the slaves' ports say
     * @param kernelInterface name of the interface that the kernel has beside it; null = none
     */
    public record BondPlan(
            String name,
            BondOptions options,
            List<Integer> slaves,
            int mtu,
            @Nullable String kernelInterface) {
        public BondPlan {
            slaves = List.copyOf(slaves);
        }
    }

    /**
     * The worker of type {@code kni}.
     *
     * @param cpu to run on
     * @param queues by the id of the device or bond; what listings count
     */
    public record KernelWorker(String name, int cpu, Map<Integer, KernelQueues> queues) {
        public KernelWorker {
            queues = Map.copyOf(queues);
        }

        KernelQueues queues(int device) {
            return queues.getOrDefault(device, KernelQueues.NONE);
        }
    }

    /** Queues of one device that the kernel's worker is given. */
    public record KernelQueues(int receive, int transmit) {
        static final KernelQueues NONE = new KernelQueues(0, 0);
    }
}

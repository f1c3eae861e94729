package jdpvs.daemon.start;

import java.nio.file.Path;
import java.util.List;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.daemon.log.LogLevel;
import jdpvs.daemon.plane.LinkLocalMode;
import jdpvs.daemon.worker.WorkerPlan;
import jdpvs.stack.StackSettings;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as start-up needs it: checked, numbered, nothing left open.
 *
 * @param devices in the order of their ids
 * @param workers in worker order
 * @param connections {@code conn_pool_size}, of all workers together
 * @param poolHashes {@code pool_hash_size}
 * @param bufferCount {@code pktpool_size}, which has no meaning here but is listed
 * @param sessionLog a file or {@code syslog}; null = no session log
 * @param notices what an operator should know, one sentence each
 */
public record DaemonPlan(
        Reloadable reloadable,
        List<DevicePlan> devices,
        List<WorkerPlan> workers,
        int connections,
        int poolHashes,
        long bufferCount,
        @Nullable String sessionLog,
        List<String> notices) {
    public DaemonPlan {
        devices = List.copyOf(devices);
        workers = List.copyOf(workers);
        notices = List.copyOf(notices);
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
     */
    public record DevicePlan(
            String name, String specification, int mtu, boolean promiscuous, int queues, int receiveDescriptors) {}
}

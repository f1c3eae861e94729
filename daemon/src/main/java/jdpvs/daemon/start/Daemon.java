package jdpvs.daemon.start;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.control.Control;
import jdpvs.daemon.kernel.KernelInterfaces;
import jdpvs.daemon.kernel.KernelThread;
import jdpvs.daemon.plane.ControlPlane;
import jdpvs.daemon.plane.DeviceEntry;
import jdpvs.daemon.plane.DeviceTable;
import jdpvs.daemon.plane.Identity;
import jdpvs.daemon.serve.ControlServer;
import jdpvs.daemon.serve.SocketFile;
import jdpvs.daemon.session.SessionLog;
import jdpvs.daemon.worker.DataPlane;
import jdpvs.daemon.worker.LinkFlags;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.WorkerPlan;
import jdpvs.linux.BootClock;
import jdpvs.linux.Machine;
import jdpvs.linux.SystemCallException;
import jdpvs.port.Port;
import jdpvs.port.PortException;
import jdpvs.port.bond.BondPort;
import jdpvs.process.Defects;
import jdpvs.process.PidFile;
import jdpvs.process.StartException;
import jdpvs.stack.Device;
import jdpvs.stack.NetworkConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running instance: everything that start-up made, and how to take it apart again. */
public final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("DPVS");
    private static final Limits LIMITS = Limits.DEFAULT;

    private final DaemonPlan plan;
    private final Options options;
    private final PortOpener opener;
    private final CompletableFuture<Control> ready = new CompletableFuture<>();
    private final List<Port> ports = new ArrayList<>();
    private final ScheduledExecutorService seconds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("every-second").daemon(true).factory());
    private @Nullable PidFile pidFile;
    private @Nullable CompletableFuture<ControlServer> server;
    private final KernelStart kernelStart = new KernelStart();
    private @Nullable DataPlane data;
    private @Nullable ControlPlane plane;
    private @Nullable SessionLog sessions;

    private Daemon(DaemonPlan plan, Options options, PortOpener opener) {
        this.plan = plan;
        this.options = options;
        this.opener = opener;
    }

    /**
     * Opens everything and begins to forward.
     *
     * @throws StartException with one sentence; whatever had been opened is closed again
     */
    public static Daemon start(DaemonPlan plan, Options options, PortOpener opener) throws StartException {
        Daemon daemon = new Daemon(plan, options, opener);
        try {
            daemon.open();
            return daemon;
        } catch (StartException | RuntimeException e) {
            daemon.close();
            throw e;
        }
    }

    private void open() throws StartException {
        MemoryBudget budget = MemoryBudget.of(plan, opener, LIMITS);
        long available = Machine.memoryAvailableBytes();
        if (LOG.isInfoEnabled()) {
            LOG.info(budget.sentence(plan, available));
        }
        budget.check(plan, available);
        pidFile = PidFile.create(options.pidFile(), "dpvs", "jdpvs.daemon");
        // A second instance must be refused before it touches the interfaces of the first.
        claimSocket();
        // Loading the HTTP server takes as long as opening ports; neither needs the other.
        server = CompletableFuture.supplyAsync(
                this::serve,
                task -> Thread.ofPlatform().name("server-start").daemon(true).start(task));
        for (DaemonPlan.DevicePlan device : plan.devices()) {
            ports.add(open(device));
        }
        for (DaemonPlan.BondPlan bond : plan.bonds()) {
            ports.add(bond(bond));
        }
        // Bonds know now which slaves have a carrier.
        long now = new BootClock().millis();
        ports.forEach(port -> port.tick(now));
        LinkFlags links = new LinkFlags(ports.size());
        KernelInterfaces kernel = kernelStart.interfaces(plan, ports, this::mtu);
        Snapshot first = new Snapshot(
                NetworkConfiguration.of(devices(), plan.reloadable().stack()),
                ServiceConfiguration.EMPTY,
                plan.reloadable().timeouts());
        DataPlane workers = dataPlane(links, first, kernel);
        data = workers;
        ServerStatistics statistics = new ServerStatistics(workers.counters(), LIMITS.servers());
        DeviceTable devices = new DeviceTable(deviceEntries(), links, kernel);
        for (int id = 0; id < plan.devices().size(); id++) {
            DaemonPlan.DevicePlan device = plan.devices().get(id);
            if (device.promiscuous()) {
                devices.promiscuous(id, true);
            }
            if (device.allMulticast()) {
                devices.allMulticast(id, true);
            }
        }
        ControlPlane control = new ControlPlane(
                identity(budget.total()),
                devices,
                workers.units(),
                new ServiceTable(LIMITS, statistics),
                statistics,
                first,
                plan.poolHashes());
        plane = control;
        reload(plan.reloadable());
        KernelThread beside = kernelStart.thread(plan, ports, kernel, links, new KernelNews(control, workers, seconds));
        if (beside != null) {
            control.kernelAddresses(beside.addresses());
            beside.start();
        }
        if (plan.sessionLog() != null) {
            sessions = SessionLog.start(
                    plan.sessionLog(),
                    workers.sessionRings(),
                    plan.workers().stream().map(WorkerPlan::name).toList());
        }
        workers.start();
        var _ = seconds.scheduleAtFixedRate(() -> everySecond(control), 1, 1, TimeUnit.SECONDS);
        awaitServer(server);
        ready.complete(control);
    }

    private void claimSocket() throws StartException {
        try {
            SocketFile.claim(options.socket());
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private ControlServer serve() {
        try {
            return ControlServer.start(options.socket(), ready::join);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static void awaitServer(CompletableFuture<ControlServer> server) throws StartException {
        try {
            server.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartException(String.valueOf(cause.getMessage()), cause);
        }
    }

    private Port open(DaemonPlan.DevicePlan device) throws StartException {
        try {
            Port port = opener.open(device);
            LOG.info("device {}: {}", device.name(), port.specification());
            return port;
        } catch (PortException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private Port bond(DaemonPlan.BondPlan bond) {
        Port port = new BondPort(
                bond.name(),
                bond.options(),
                bond.slaves().stream().map(ports::get).toList());
        LOG.info(
                "device {}: {}, mode {}",
                bond.name(),
                port.specification(),
                bond.options().mode().number());
        return port;
    }

    private DataPlane dataPlane(LinkFlags links, Snapshot first, KernelInterfaces kernel) throws StartException {
        try {
            return new DataPlane(
                    ports,
                    plan.workers(),
                    links,
                    plan.connectionsPerWorker(),
                    LIMITS,
                    plan.sessionLog() != null,
                    first,
                    kernel);
        } catch (SystemCallException e) {
            throw new StartException(
                    "no memory for the workers (" + e.getMessage() + "); lower conn_pool_size (now "
                            + plan.connections() + ") in ipvs_defs",
                    e);
        }
    }

    /** What has addresses and routes: everything but slaves, of which workers know nothing. */
    private List<Device> devices() {
        List<Device> devices = new ArrayList<>();
        for (int id = 0; id < ports.size(); id++) {
            if (plan.bondOf(id) >= 0) {
                continue;
            }
            Port port = ports.get(id);
            boolean kernelSide = plan.kernelInterface(id) != null;
            devices.add(new Device(id, port.name(), port.macAddress(), mtu(id), port.sharedWithKernel(), kernelSide));
        }
        return devices;
    }

    private int mtu(int device) {
        int wanted = plan.mtu(device);
        int possible = ports.get(device).mtu();
        if (wanted > possible) {
            LOG.warn(
                    "device {}: mtu {} is more than the {} of its port, using that",
                    ports.get(device).name(),
                    wanted,
                    possible);
        }
        return wanted == 0 ? possible : Math.min(wanted, possible);
    }

    private List<DeviceEntry> deviceEntries() {
        List<DeviceEntry> entries = new ArrayList<>();
        for (int id = 0; id < ports.size(); id++) {
            QueueBindings queues = QueueBindings.of(plan, id);
            int bond = plan.bondOf(id);
            entries.add(new DeviceEntry(
                    id,
                    ports.get(id),
                    mtu(id),
                    queues.rows(),
                    queues.receiveQueues(),
                    queues.transmitQueues(),
                    bond < 0 ? null : ports.get(bond).name(),
                    plan.bufferCount()));
        }
        return entries;
    }

    private Identity identity(long memoryBytes) {
        return new Identity(
                Version.current().own(),
                UUID.randomUUID().toString(),
                Instant.now(),
                options.configuration().toAbsolutePath(),
                options.socket().toAbsolutePath(),
                memoryBytes,
                plan.notices());
    }

    private static void everySecond(ControlPlane control) {
        // One that got out would end the rates, the link states and the return of ids for good, without a word.
        Defects.survive(LOG, "the work of every second", control::everySecond);
    }

    /** Follows a configuration that was read again. */
    public void reload(DaemonPlan.Reloadable reloadable) {
        ControlPlane control = plane;
        if (control != null) {
            control.settings(reloadable.timeouts(), reloadable.stack(), reloadable.linkLocal());
        }
    }

    /** A log rotation may have renamed the session log. */
    void reopenLogs() {
        SessionLog log = sessions;
        if (log != null) {
            log.reopen();
        }
    }

    /** Stops forwarding and undoes what the start did to the system. */
    @Override
    public void close() {
        ready.completeExceptionally(new IllegalStateException("dpvs is stopping"));
        seconds.shutdownNow();
        if (server != null) {
            server.handle((started, failure) -> {
                        if (started != null) {
                            started.close();
                        }
                        return true;
                    })
                    .join();
        }
        if (data != null) {
            data.stop();
        }
        kernelStart.close();
        if (sessions != null) {
            sessions.close();
        }
        // Bonds before their slaves.
        for (Port port : ports.reversed()) {
            try {
                port.close();
            } catch (RuntimeException e) {
                LOG.warn("closing device {}: {}", port.name(), e.getMessage());
            }
        }
        if (pidFile != null) {
            pidFile.close();
        }
    }
}

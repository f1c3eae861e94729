package jdpvs.daemon.start;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdpvs.balancer.connection.ConnectionTable;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.config.dpvs.DpvsConfiguration;
import jdpvs.config.dpvs.Ipv6Settings;
import jdpvs.config.dpvs.TcpTimeouts;
import jdpvs.config.dpvs.UdpTimeouts;
import jdpvs.config.dpvs.WorkerSettings;
import jdpvs.daemon.plane.LinkLocalMode;
import jdpvs.daemon.worker.WorkerPlan;
import jdpvs.process.StartException;
import jdpvs.process.log.LogLevel;
import jdpvs.stack.StackSettings;

/**
 * From the configuration file's settings and the command line to what start-up does.
 *
 * <p>Queue numbers of dpvs.conf name a network card's hardware queues. Here each worker has one queue of each of its devices, numbered like the
 * workers, because that is how frames are steered: to the worker that a local port's low bits name.
 */
final class PlanReader {
    private final DpvsConfiguration configuration;
    private final InterfaceReader interfaces;
    private final List<String> notices = new ArrayList<>();

    private PlanReader(DpvsConfiguration configuration, Options options) {
        this.configuration = configuration;
        this.interfaces = new InterfaceReader(configuration, options);
    }

    /** @throws StartException when dpvs cannot do what is asked, although the file is right */
    static DaemonPlan plan(DpvsConfiguration configuration, Options options) throws StartException {
        return new PlanReader(configuration, options).plan();
    }

    /** What a reload may change. */
    static DaemonPlan.Reloadable reloadable(DpvsConfiguration configuration) {
        String file = configuration.global().logFile();
        return new DaemonPlan.Reloadable(
                LogLevel.valueOf(configuration.global().logLevel()),
                file == null ? null : Path.of(file),
                configuration.global().logWithTimestamp(),
                timeouts(configuration),
                stack(configuration),
                linkLocal(configuration.ipv6()));
    }

    private DaemonPlan plan() throws StartException {
        if (interfaces.served().isEmpty()) {
            throw new StartException(configuration.file()
                    + ": no worker serves a device, so there is nothing to start; add a block 'device NAME {'"
                    + " to netif_defs and a block 'port NAME {' to a worker of type slave");
        }
        int connections = configuration.connections().poolSize();
        int slaves = configuration.slaves().size();
        if (connections / slaves > ConnectionTable.LARGEST_CAPACITY) {
            throw new StartException(configuration.file() + ": conn_pool_size " + connections + " gives each of "
                    + slaves + " workers more than " + ConnectionTable.LARGEST_CAPACITY
                    + " connections; lower it or add workers");
        }
        return new DaemonPlan(
                reloadable(configuration),
                interfaces.devices(),
                interfaces.bonds(),
                configuration.slaves().stream().map(this::worker).toList(),
                configuration.kernelWorker().map(this::kernelWorker).orElse(null),
                connections,
                configuration.poolHashSize(),
                configuration.packetPoolSize(),
                configuration.global().sessionLog(),
                notices);
    }

    private WorkerPlan worker(WorkerSettings worker) {
        List<WorkerPlan.Binding> bindings = new ArrayList<>();
        for (InterfaceReader.Served served : interfaces.served()) {
            String device = served.name();
            if (!InterfaceReader.serves(worker, device)) {
                notices.add("worker " + worker.name() + " does not serve " + device
                        + ": what it would send there is dropped");
                continue;
            }
            int queue = 0;
            for (WorkerSettings earlier : configuration.slaves()) {
                if (earlier.cpu() < worker.cpu() && InterfaceReader.serves(earlier, device)) {
                    queue++;
                }
            }
            bindings.add(new WorkerPlan.Binding(served.id(), queue));
        }
        return new WorkerPlan(worker.name(), worker.cpu(), bindings);
    }

    private DaemonPlan.KernelWorker kernelWorker(WorkerSettings worker) {
        Map<Integer, DaemonPlan.KernelQueues> queues = new HashMap<>();
        for (InterfaceReader.Served served : interfaces.served()) {
            for (WorkerSettings.PortSettings port : worker.ports()) {
                if (port.device().equals(served.name())) {
                    queues.put(
                            served.id(),
                            new DaemonPlan.KernelQueues(
                                    port.receiveQueues().size(),
                                    port.transmitQueues().size()));
                }
            }
        }
        return new DaemonPlan.KernelWorker(worker.name(), worker.cpu(), queues);
    }

    private static Timeouts timeouts(DpvsConfiguration configuration) {
        TcpTimeouts tcp = configuration.tcpTimeouts();
        UdpTimeouts udp = configuration.udpTimeouts();
        return new Timeouts(
                seconds(tcp.none()),
                seconds(tcp.established()),
                seconds(tcp.synSent()),
                seconds(tcp.synReceived()),
                seconds(tcp.finWait()),
                seconds(tcp.timeWait()),
                seconds(tcp.close()),
                seconds(tcp.closeWait()),
                seconds(tcp.lastAck()),
                seconds(tcp.listen()),
                seconds(tcp.synAck()),
                seconds(tcp.last()),
                seconds(udp.oneWay()),
                seconds(udp.normal()),
                seconds(udp.last()),
                seconds(configuration.connections().initTimeoutSeconds()));
    }

    /** Connections keep their idle time in 32 bits of milliseconds; a time-out of three weeks and one of a year are alike in practice. */
    private static int seconds(int configured) {
        return Math.min(configured, Timeouts.LONGEST_SECONDS);
    }

    private static LinkLocalMode linkLocal(Ipv6Settings settings) {
        return new LinkLocalMode(LinkLocalMode.Kind.of(settings.addressGeneration()), settings.stableSecret());
    }

    private static StackSettings stack(DpvsConfiguration configuration) {
        return new StackSettings(
                configuration.ipv4().forwarding(),
                !configuration.ipv6().disable(),
                configuration.ipv6().forwarding(),
                Math.max(1, configuration.ipv4().defaultTtl()),
                configuration.neighbours().timeoutSeconds(),
                configuration.neighbours().unresolvedQueueLength());
    }
}

package jdpvs.keepalived.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.RealServer;
import jdpvs.keepalived.configuration.VirtualServer;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.keepalived.program.Balancer;
import jdpvs.keepalived.program.WantedService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All checks, and what follows from them for the services. One lock guards all state; checks ask without it, and dpvs is told without it, for who carries that out may hold a lock of its own while it
 * loads us or asks us for the report.
 */
public final class Health {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_healthcheckers");

    /** So long the end waits for programs of checks to be ended. */
    private static final long END_MILLIS = 1000;

    private final Balancer balancer;
    private final Notices notices;
    private final Supplier<Set<IpAddress>> held;
    private final Runnable changed;
    private final Probes probes;
    private final Map<String, ServiceHealth> services = new LinkedHashMap<>();
    private final Map<String, WantedService> wanted = new LinkedHashMap<>();
    private List<VirtualServer> refused = List.of();
    private @Nullable Map<ServiceKey, WantedService> published;
    private long version;
    private long offered;

    private Health(
            Balancer balancer, Notices notices, ScriptRunner scripts, Supplier<Set<IpAddress>> held, Runnable changed) {
        this.balancer = balancer;
        this.notices = notices;
        this.held = held;
        this.changed = changed;
        this.probes = new Probes(scripts);
    }

    /**
     * @param held which addresses this host has, for {@code ha_suspend}
     * @param changed called after every change of a check's, server's or service's state, on any thread: it must not wait
     */
    public static Health start(
            Balancer balancer, Notices notices, ScriptRunner scripts, Supplier<Set<IpAddress>> held, Runnable changed) {
        return new Health(balancer, notices, scripts, held, changed);
    }

    /**
     * Makes services and checks those of a configuration; what did not change goes on undisturbed, with its state. A virtual server that asks for what dpvs has no word for is left out, for without it
     * the service would be another one than was meant.
     */
    public void load(KeepalivedConfiguration configuration) {
        take(configuration);
        deliver();
    }

    private synchronized void take(KeepalivedConfiguration configuration) {
        Map<String, ServiceHealth> before = new LinkedHashMap<>(services);
        services.clear();
        wanted.clear();
        List<VirtualServer> left = new ArrayList<>();
        for (VirtualServer service : configuration.virtualServers()) {
            if (!service.unsupported().isEmpty()) {
                left.add(service);
            } else if (services.containsKey(service.name())) {
                LOG.error("virtual_server {} is there twice: the first counts", service.name());
            } else {
                ServiceHealth health = before.remove(service.name());
                if (health == null) {
                    health = new ServiceHealth(service, probes, notices, held, this::result);
                }
                health.load(service, configuration.global().initialNotices());
                services.put(service.name(), health);
                wanted.put(service.name(), health.wanted());
            }
        }
        before.values().forEach(ServiceHealth::stop);
        left.stream()
                .filter(service -> !refused.contains(service))
                .forEach(service -> LOG.error("{}", sentence(service)));
        refused = List.copyOf(left);
        nameDoubles();
        publish();
    }

    private void nameDoubles() {
        Map<ServiceKey, String> names = new HashMap<>();
        for (ServiceHealth health : services.values()) {
            VirtualServer service = health.service();
            for (ServiceKey key : service.services()) {
                String first = names.putIfAbsent(key, service.name());
                if (first != null) {
                    LOG.error(
                            "{} is of virtual_server {} already: that of {} does not count",
                            Notices.text(key),
                            first,
                            service.name());
                }
            }
        }
    }

    private static String sentence(VirtualServer service) {
        return "virtual_server " + service.name() + " is left out: dpvs has no "
                + String.join(", no ", service.unsupported())
                + "; remove that from the file to have the service without it";
    }

    private void result(
            ServiceHealth service, ServerHealth server, Check check, Result result, long started, long ended) {
        synchronized (this) {
            if (check.stopped() || !service.result(server, check, result, started, ended)) {
                return;
            }
            if (service.another()) {
                wanted.put(service.service().name(), service.wanted());
                publish();
            }
        }
        deliver();
        changed.run();
    }

    private void publish() {
        Map<ServiceKey, WantedService> all = new LinkedHashMap<>();
        for (ServiceHealth health : services.values()) {
            for (ServiceKey key : health.service().services()) {
                WantedService service = wanted.get(health.service().name());
                if (service != null) {
                    all.putIfAbsent(key, service);
                }
            }
        }
        if (!all.equals(published)) {
            published = Map.copyOf(all);
            version++;
        }
    }

    /** Whoever was overtaken on the way to dpvs tells it the newest again, so that this comes last. */
    private void deliver() {
        boolean overtaken = false;
        while (true) {
            Map<ServiceKey, WantedService> next;
            long its;
            synchronized (this) {
                if (published == null || (offered == version && !overtaken)) {
                    return;
                }
                next = published;
                its = version;
                offered = its;
            }
            balancer.services(next);
            synchronized (this) {
                overtaken = its != offered;
            }
            if (!overtaken) {
                return;
            }
        }
    }

    /** Virtual servers that are left out, a sentence each. */
    public synchronized List<String> refused() {
        return refused.stream().map(Health::sentence).toList();
    }

    /** Those that are left out are there without checks, and down. */
    public synchronized List<KeepalivedReport.VirtualServer> report() {
        List<KeepalivedReport.VirtualServer> report = new ArrayList<>();
        services.values().forEach(service -> report.add(service.report()));
        for (VirtualServer service : refused) {
            report.add(new KeepalivedReport.VirtualServer(
                    service.name(),
                    service.services(),
                    false,
                    0,
                    0,
                    service.quorum(),
                    false,
                    service.servers().stream().map(Health::unchecked).toList()));
        }
        return report;
    }

    private static KeepalivedReport.Server unchecked(RealServer server) {
        return new KeepalivedReport.Server(server.endpoint(), false, 0, 0, List.of());
    }

    /**
     * Ends the checks.
     *
     * @param keep whether services stay on dpvs
     */
    public void stop(boolean keep) {
        List<Check> ending = new ArrayList<>();
        synchronized (this) {
            services.values().forEach(service -> ending.addAll(service.stop()));
            services.values().forEach(ServiceHealth::tellEnd);
            services.clear();
            wanted.clear();
            if (!keep) {
                publish();
            }
        }
        deliver();
        await(ending);
        probes.close();
    }

    private static void await(List<Check> ending) {
        long end = System.nanoTime() + END_MILLIS * 1_000_000;
        try {
            for (Check check : ending) {
                check.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

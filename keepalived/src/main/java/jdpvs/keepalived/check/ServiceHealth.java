package jdpvs.keepalived.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServerOptions;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.RealServer;
import jdpvs.keepalived.configuration.VirtualServer;
import jdpvs.keepalived.configuration.VirtualServer.SorryServer;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.program.WantedService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A virtual server: its real servers, the quorum, and what dpvs is to have of it. Guarded by the lock of {@link Health}, but for what checks ask on their threads. */
final class ServiceHealth {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_healthcheckers");

    private final Probes probes;
    private final Notices notices;
    private final Supplier<Set<IpAddress>> held;
    private final Listener listener;
    private final Map<Endpoint, ServerHealth> servers = new LinkedHashMap<>();
    private final Quorum quorum = new Quorum();
    private volatile VirtualServer service;
    private boolean initialNotices;
    private boolean another;
    private long sinceMillis = System.currentTimeMillis();

    /** Gets checks' results, on their threads. */
    interface Listener {
        void result(ServiceHealth service, ServerHealth server, Check check, Result result, long started, long ended);
    }

    ServiceHealth(
            VirtualServer service, Probes probes, Notices notices, Supplier<Set<IpAddress>> held, Listener listener) {
        this.service = service;
        this.probes = probes;
        this.notices = notices;
        this.held = held;
        this.listener = listener;
    }

    void load(VirtualServer next, boolean initialNotices) {
        service = next;
        this.initialNotices = initialNotices;
        Map<Endpoint, ServerHealth> before = new LinkedHashMap<>(servers);
        servers.clear();
        for (RealServer server : next.servers()) {
            if (servers.containsKey(server.endpoint())) {
                LOG.error("real server {} is there twice in VS {}: the first counts", text(server), next.name());
                continue;
            }
            ServerHealth health = before.remove(server.endpoint());
            if (health == null) {
                health = new ServerHealth(server);
            }
            health.load(server, this::check);
            servers.put(server.endpoint(), health);
        }
        before.values().forEach(server -> server.checks().forEach(Check::stop));
        servers.values().forEach(this::judge);
        judge();
    }

    private Check check(ServerHealth server, CheckSettings settings, boolean up, boolean settled) {
        return new Check(
                settings,
                probes.of(settings),
                new CheckTexts(settings, text(server.server()), service.name()),
                up,
                settled,
                this::suspended,
                (check, result, started, ended) -> listener.result(this, server, check, result, started, ended));
    }

    /** For the checks' threads: {@code ha_suspend}, and none of the addresses is on this host. */
    private boolean suspended() {
        VirtualServer now = service;
        if (!now.suspended()) {
            return false;
        }
        Set<IpAddress> here = held.get();
        return now.services().stream().noneMatch(key -> here.contains(key.address()));
    }

    /** @return whether there is something to tell */
    boolean result(ServerHealth server, Check check, Result result, long started, long ended) {
        CheckState.Event event = check.record(result, started, ended);
        boolean weighed = result.weight() != null && server.weigh(check.settings(), result.weight());
        if (weighed) {
            another = true;
            LOG.info("Weight of service {} of VS {} is {} now", text(server.server()), service.name(), server.weight());
        }
        if (event == CheckState.Event.NONE && !weighed) {
            return false;
        }
        judge(server);
        judge();
        return true;
    }

    private void judge(ServerHealth server) {
        if (server.judge()) {
            another = true;
            boolean inhibited = server.server().inhibited();
            LOG.info(
                    server.up() ? "{} service {} to VS {}" : "{} service {} from VS {}",
                    server.up() ? (inhibited ? "Enabling" : "Adding") : (inhibited ? "Disabling" : "Removing"),
                    text(server.server()),
                    service.name());
            notices.server(service, server.server(), server.up());
        } else if (server.firstKnown() && initialNotices) {
            notices.server(service, server.server(), server.up());
        }
    }

    private void judge() {
        long weight = weight();
        long wanted = service.quorum();
        long hysteresis = service.hysteresis();
        boolean first = !quorum.judged();
        // All servers together must be enough, or the sorry server would serve for ever.
        long all = servers.values().stream().mapToLong(ServerHealth::weight).sum();
        long gain = Math.clamp(all - wanted, 0L, hysteresis);
        if (!quorum.judge(weight, wanted, quorum.up() ? hysteresis : gain)) {
            return;
        }
        another = true;
        sinceMillis = System.currentTimeMillis();
        if (quorum.up()) {
            long margin = first ? 0 : gain;
            LOG.info("Gained quorum {}+{}={} <= {} for VS {}", wanted, margin, wanted + margin, weight, service.name());
        } else {
            LOG.info(
                    "Lost quorum {}-{}={} > {} for VS {}",
                    wanted,
                    hysteresis,
                    wanted - hysteresis,
                    weight,
                    service.name());
        }
        SorryServer sorry = service.sorryServer();
        if (sorry != null && !first) {
            LOG.info(
                    quorum.up() ? "{} sorry server {} from VS {}" : "{} sorry server {} to VS {}",
                    quorum.up()
                            ? (sorry.inhibited() ? "Disabling" : "Removing")
                            : sorry.inhibited() ? "Enabling" : "Adding",
                    text(sorry.endpoint()),
                    service.name());
        }
        notices.service(service, quorum.up());
    }

    private long weight() {
        return servers.values().stream()
                .filter(ServerHealth::up)
                .mapToLong(ServerHealth::weight)
                .sum();
    }

    private boolean sorry() {
        return service.sorryServer() != null && !quorum.up();
    }

    /** Whether {@link #wanted} may be another since this was asked last: with thousands of servers it is not made for nothing. */
    boolean another() {
        boolean was = another;
        another = false;
        return was;
    }

    /** Without a quorum and without a sorry server those that live go on: better few than none. */
    WantedService wanted() {
        Map<Endpoint, ServerOptions> wanted = new LinkedHashMap<>();
        boolean sorry = sorry();
        for (ServerHealth server : servers.values()) {
            ServerOptions options = server.wanted(!sorry);
            if (options != null) {
                wanted.put(server.server().endpoint(), options);
            }
        }
        SorryServer instead = service.sorryServer();
        if (instead != null && sorry) {
            wanted.put(instead.endpoint(), instead.options());
        } else if (instead != null && instead.inhibited()) {
            ServerOptions options = instead.options();
            wanted.putIfAbsent(
                    instead.endpoint(),
                    new ServerOptions(options.forwarding(), 0, options.upperThreshold(), options.lowerThreshold()));
        }
        return new WantedService(
                "virtual_server " + service.name(), service.options(), service.localAddresses(), wanted);
    }

    VirtualServer service() {
        return service;
    }

    /** The end, or the virtual server is gone. */
    List<Check> stop() {
        List<Check> checks = servers.values().stream()
                .flatMap(server -> server.checks().stream())
                .toList();
        checks.forEach(Check::stop);
        return checks;
    }

    /** {@code omega}: at the end whatever is up goes down for those who want to be told. */
    void tellEnd() {
        if (!service.omega()) {
            return;
        }
        for (ServerHealth server : servers.values()) {
            if (server.up()) {
                notices.server(service, server.server(), false);
            }
        }
        if (quorum.up()) {
            notices.service(service, false);
        }
    }

    private String text(RealServer server) {
        return text(server.endpoint());
    }

    private String text(Endpoint endpoint) {
        return Notices.text(service.services().getFirst().protocol().name(), endpoint);
    }

    KeepalivedReport.VirtualServer report() {
        return new KeepalivedReport.VirtualServer(
                service.name(),
                service.services(),
                quorum.up(),
                sinceMillis,
                weight(),
                service.quorum(),
                sorry(),
                servers.values().stream().map(ServerHealth::report).toList());
    }
}

package jdpvs.command;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import jdpvs.control.Change;
import jdpvs.control.Control;
import jdpvs.control.ControlException;
import jdpvs.control.Endpoint;
import jdpvs.control.ErrorCode;
import jdpvs.control.Event;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.PacketEvent;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Traces;
import jdpvs.control.Views;
import jdpvs.control.WatchRequest;
import org.jspecify.annotations.Nullable;

/** A balancer that only keeps books: transactions apply whole or not at all, with DPVS's error codes (facts: cli §4.7). */
public final class FakeControl implements Control {
    private static final Set<String> SCHEDULERS = Set.of("rr", "wrr", "wlc", "conhash", "mh", "fo");

    private record Entry(ServiceOptions options, Map<Endpoint, ServerOptions> servers, Map<IpAddress, String> locals) {
        Entry copy() {
            return new Entry(options, new LinkedHashMap<>(servers), new LinkedHashMap<>(locals));
        }
    }

    private FakeNetwork network;
    private Map<ServiceKey, Entry> services = new LinkedHashMap<>();
    final List<Views.Connection> connections = new ArrayList<>();
    final Map<Endpoint, Views.Counters> counters = new LinkedHashMap<>();
    List<Views.PortUse> ports = List.of();
    List<Views.Drop> drops = List.of();
    List<Views.Ipv6Counter> ipv6Counters = List.of();
    Views.Status status = new Views.Status(
            "0.1.0",
            "instance-1",
            4711,
            93784,
            "/etc/dpvs.conf",
            "/var/run/dpvs.ipc",
            List.of(
                    new Views.Worker("cpu0", 0, true, 100, 0, 0, 0, 0),
                    new Views.Worker("cpu1", 1, true, 2000, 500, 12345, 0.25, 7)),
            7,
            1048576,
            new Views.Pressure(3, 524288, 90, 0, false),
            256 << 20,
            List.of());
    /** What a watch shows. */
    final List<PacketEvent> events = new ArrayList<>();
    /** The watches that were asked for. */
    final List<WatchRequest> watched = new ArrayList<>();
    /** What a watch is refused with. */
    @Nullable ControlException refusal;
    /** How many transactions were accepted. */
    int accepted;

    public FakeControl(String... devices) {
        List<Views.Link> links = new ArrayList<>();
        for (int i = 0; i < devices.length; i++) {
            links.add(FakeNetwork.link(i + 1, devices[i], String.format("02:00:00:00:%02X:01", i + 1)));
        }
        network = new FakeNetwork(links, false);
    }

    FakeNetwork network() {
        return network;
    }

    @Override
    public void apply(List<Change> changes) throws ControlException {
        FakeNetwork networkBefore = new FakeNetwork(network);
        Map<ServiceKey, Entry> servicesBefore = new LinkedHashMap<>();
        services.forEach((key, entry) -> servicesBefore.put(key, entry.copy()));
        for (int i = 0; i < changes.size(); i++) {
            try {
                apply(changes.get(i));
            } catch (ControlException e) {
                network = networkBefore;
                services = servicesBefore;
                throw new ControlException(e.code(), String.valueOf(e.getMessage()), i);
            }
        }
        accepted++;
    }

    private void apply(Change change) throws ControlException {
        switch (change) {
            case Change.AddressAdd a -> network.add(a);
            case Change.AddressDelete a -> network.delete(a.address(), a.device());
            case Change.AddressFlush a -> network.flush(a.device());
            case Change.AddressAnnounce a -> {
                if (network.find(a.address(), a.device()) == null) {
                    throw new ControlException(ErrorCode.NOT_EXIST, "address " + a.address() + " on " + a.device());
                }
            }
            case Change.RouteAdd r -> network.add(r);
            case Change.RouteDelete r -> network.delete(r);
            case Change.RouteFlush r ->
                network.routes.removeIf(o -> o.prefix().ipv6() == r.ipv6()
                        && (r.device() == null || r.device().equals(o.device())));
            case Change.NeighbourAdd n -> network.add(n);
            case Change.NeighbourDelete n -> network.delete(n);
            case Change.VlanAdd v -> network.add(v);
            case Change.VlanDelete v -> network.delete(v);
            case Change.LinkSet l -> network.needDevice(l.device());
            case Change.ServiceAdd s -> {
                if (services.containsKey(s.service())) {
                    throw new ControlException(ErrorCode.EXISTS, "service " + s.service());
                }
                needScheduler(s.options());
                services.put(s.service(), new Entry(s.options(), new LinkedHashMap<>(), new LinkedHashMap<>()));
            }
            case Change.ServiceEdit s -> {
                Entry old = entry(s.service(), ErrorCode.INVALID);
                needScheduler(s.options());
                services.put(s.service(), new Entry(s.options(), old.servers, old.locals));
            }
            case Change.ServiceDelete s -> {
                entry(s.service(), ErrorCode.INVALID);
                services.remove(s.service());
            }
            case Change.ServiceClear s -> services.clear();
            case Change.ServerAdd s -> {
                if (entry(s.service(), ErrorCode.INVALID).servers.putIfAbsent(s.server(), s.options()) != null) {
                    throw new ControlException(ErrorCode.EXISTS, "server " + s.server() + " of " + s.service());
                }
            }
            case Change.ServerEdit s -> {
                if (entry(s.service(), ErrorCode.INVALID).servers.replace(s.server(), s.options()) == null) {
                    throw new ControlException(ErrorCode.NOT_EXIST, "server " + s.server() + " of " + s.service());
                }
            }
            case Change.ServerDelete s -> {
                if (entry(s.service(), ErrorCode.INVALID).servers.remove(s.server()) == null) {
                    throw new ControlException(ErrorCode.NOT_EXIST, "server " + s.server() + " of " + s.service());
                }
            }
            case Change.LocalAddressAdd l -> addLocal(l);
            case Change.LocalAddressDelete l -> {
                if (entry(l.service(), ErrorCode.NO_SERVICE).locals.remove(l.address()) == null) {
                    throw new ControlException(
                            ErrorCode.NOT_EXIST, "local address " + l.address() + " of " + l.service());
                }
                network.delete(l.address(), l.device());
            }
            case Change.Zero z -> counters.clear();
        }
    }

    private void addLocal(Change.LocalAddressAdd l) throws ControlException {
        Entry entry = entry(l.service(), ErrorCode.NO_SERVICE);
        network.needDevice(l.device());
        if (network.find(l.address(), l.device()) == null) {
            network.add(
                    new Change.AddressAdd(l.address(), l.address().bits(), l.device(), null, "global", -1, -1, true));
        }
        if (entry.locals.putIfAbsent(l.address(), l.device()) != null) {
            throw new ControlException(ErrorCode.EXISTS, "local address " + l.address() + " of " + l.service());
        }
    }

    private Entry entry(ServiceKey key, ErrorCode missing) throws ControlException {
        Entry entry = services.get(key);
        if (entry == null) {
            throw new ControlException(missing, key + (missing == ErrorCode.NO_SERVICE ? "" : " is no service"));
        }
        return entry;
    }

    private static void needScheduler(ServiceOptions options) throws ControlException {
        if (!SCHEDULERS.contains(options.scheduler())) {
            throw new ControlException(ErrorCode.NOT_EXIST, "scheduler " + options.scheduler());
        }
    }

    @Override
    public List<Views.Service> services() {
        return services.entrySet().stream()
                .map(e -> view(e.getKey(), e.getValue()))
                .toList();
    }

    @Override
    public Views.@Nullable Service service(ServiceKey key) {
        Entry entry = services.get(key);
        return entry == null ? null : view(key, entry);
    }

    private Views.Service view(ServiceKey key, Entry entry) {
        Views.Rates still = new Views.Rates(0, 0, 0, 0, 0);
        List<Views.Server> servers = new ArrayList<>();
        entry.servers.forEach((endpoint, options) ->
                servers.add(new Views.Server(endpoint, options, 0, 0, 0, false, false, count(endpoint), still)));
        List<Views.LocalAddress> locals = new ArrayList<>();
        entry.locals.forEach((address, device) -> locals.add(new Views.LocalAddress(address, device, 0, 0)));
        return new Views.Service(
                key, entry.options, servers, locals, count(new Endpoint(key.address(), key.port())), still);
    }

    private Views.Counters count(Endpoint endpoint) {
        return counters.getOrDefault(endpoint, new Views.Counters(0, 0, 0, 0, 0));
    }

    @Override
    public Views.Status status() {
        return status;
    }

    @Override
    public List<Views.Link> links() {
        return List.copyOf(network.links);
    }

    @Override
    public List<Views.Address> addresses(boolean perWorker) {
        List<Views.Address> all = new ArrayList<>();
        for (int worker = 0; worker <= (perWorker ? 1 : 0); worker++) {
            for (Views.Address a : network.addresses) {
                all.add(new Views.Address(
                        worker,
                        a.address(),
                        a.prefixLength(),
                        a.scope(),
                        a.device(),
                        a.broadcast(),
                        a.validSeconds(),
                        a.preferredSeconds(),
                        a.pool(),
                        a.automatic(),
                        a.state()));
            }
        }
        return all;
    }

    @Override
    public List<Views.Route> routes(boolean ipv6) {
        return network.routes(ipv6);
    }

    @Override
    public List<Views.Neighbour> neighbours() {
        return List.copyOf(network.neighbours);
    }

    @Override
    public void connections(Predicate<Views.Connection> visitor) {
        for (Views.Connection connection : connections) {
            if (!visitor.test(connection)) {
                return;
            }
        }
    }

    @Override
    public List<Views.PortUse> ports(int limit) {
        return ports.stream().limit(limit).toList();
    }

    @Override
    public List<Views.Drop> drops() {
        return drops;
    }

    @Override
    public List<Views.Ipv6Counter> ipv6Counters() {
        return ipv6Counters;
    }

    /** What {@link #trace} answers, but for the question. */
    Traces.Trace trace = new Traces.Trace(
            new Traces.Question(
                    jdpvs.control.Protocol.TCP,
                    new Endpoint(IpAddress.parse("10.0.0.1"), 1),
                    new Endpoint(IpAddress.parse("10.0.0.2"), 2),
                    false),
            List.of(),
            List.of(),
            new Traces.Verdict(Traces.Fate.TO_SERVER, null, "forwarded to nobody", ""));

    final List<Traces.Explained> explained = new ArrayList<>();

    @Nullable ControlException broken;

    @Override
    public Traces.Trace trace(Traces.Question question) throws ControlException {
        if (question.client().address().ipv6()) {
            throw new ControlException(ErrorCode.NOT_SUPPORTED, "trace over IPv6");
        }
        return new Traces.Trace(question, trace.findings(), trace.warnings(), trace.verdict());
    }

    @Override
    public void explain(InputStream capture, Predicate<Traces.Explained> visitor) throws ControlException {
        for (Traces.Explained packet : explained) {
            if (!visitor.test(packet)) {
                return;
            }
        }
        if (broken != null) {
            throw broken;
        }
    }

    @Override
    public void watch(WatchRequest request, Predicate<PacketEvent> visitor) throws ControlException {
        watched.add(request);
        if (refusal != null) {
            throw refusal;
        }
        for (PacketEvent event : events) {
            if (!visitor.test(event)) {
                return;
            }
        }
    }

    /** What keepalived has reported. */
    List<Views.Keepalived> keepalived = List.of();

    @Override
    public void events(Predicate<Event> visitor) {
        boolean ignored = visitor.test(new Event(Event.Kind.READY, status.instance()));
    }

    @Override
    public void report(KeepalivedReport report) {
        keepalived = List.of(new Views.Keepalived(report, 0, 0));
    }

    @Override
    public List<Views.Keepalived> keepalived() {
        return keepalived;
    }
}

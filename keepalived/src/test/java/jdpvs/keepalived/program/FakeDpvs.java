package jdpvs.keepalived.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import jdpvs.control.Change;
import jdpvs.control.Control;
import jdpvs.control.ControlException;
import jdpvs.control.ControlJson;
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
import jdpvs.control.UnreachableException;
import jdpvs.control.Views;
import jdpvs.control.WatchRequest;
import jdpvs.keepalived.configuration.VirtualRoute;
import org.jspecify.annotations.Nullable;

/** A dpvs that keeps books, can be ended and started, and fails as a test asks. */
final class FakeDpvs implements Control {
    /** What happens to a transaction; throws, waits, or lets it pass. */
    interface Fault {
        void strike(List<Change> changes) throws ControlException, IOException;
    }

    private final Map<ServiceKey, Held> services = new LinkedHashMap<>();
    private final Map<IpAddress, WantedAddress> addresses = new LinkedHashMap<>();
    private final Set<VirtualRoute> routes = new LinkedHashSet<>();

    /** Put on devices for services; those of a deleted service stay. */
    private final Map<IpAddress, String> lips = new HashMap<>();

    private final List<List<Change>> transactions = new ArrayList<>();
    private boolean up = true;
    private int instance = 1;
    private final List<KeepalivedReport> reports = new ArrayList<>();
    volatile boolean reportsUnreadable;
    volatile Fault before = changes -> {};
    volatile Fault after = changes -> {};

    synchronized void end() {
        up = false;
    }

    /** It has nothing then. */
    synchronized void restart() {
        up = true;
        instance++;
        services.clear();
        addresses.clear();
        routes.clear();
        lips.clear();
    }

    synchronized Map<ServiceKey, Held> held() {
        return new LinkedHashMap<>(services);
    }

    synchronized Set<WantedAddress> heldAddresses() {
        return new LinkedHashSet<>(addresses.values());
    }

    synchronized Set<IpAddress> heldLips() {
        return new LinkedHashSet<>(lips.keySet());
    }

    synchronized Set<VirtualRoute> heldRoutes() {
        return new LinkedHashSet<>(routes);
    }

    /** Those that were applied. */
    synchronized List<List<Change>> transactions() {
        return new ArrayList<>(transactions);
    }

    synchronized List<KeepalivedReport> reports() {
        return new ArrayList<>(reports);
    }

    private synchronized String here() throws UnreachableException {
        if (!up) {
            throw new UnreachableException("Connection refused");
        }
        return "instance " + instance;
    }

    @Override
    public void apply(List<Change> changes) throws ControlException, IOException {
        String ignored = here();
        before.strike(changes);
        book(changes);
        after.strike(changes);
    }

    /** Applied without faults. */
    synchronized void book(List<Change> changes) throws ControlException, IOException {
        String ignored = here();
        Map<ServiceKey, Held> servicesBefore = new LinkedHashMap<>(services);
        Map<IpAddress, WantedAddress> addressesBefore = new LinkedHashMap<>(addresses);
        Set<VirtualRoute> routesBefore = new LinkedHashSet<>(routes);
        Map<IpAddress, String> lipsBefore = new HashMap<>(lips);
        for (int i = 0; i < changes.size(); i++) {
            try {
                book(changes.get(i));
            } catch (ControlException e) {
                services.clear();
                services.putAll(servicesBefore);
                addresses.clear();
                addresses.putAll(addressesBefore);
                routes.clear();
                routes.addAll(routesBefore);
                lips.clear();
                lips.putAll(lipsBefore);
                throw new ControlException(e.code(), String.valueOf(e.getMessage()), i);
            }
        }
        transactions.add(List.copyOf(changes));
    }

    private void book(Change change) throws ControlException {
        switch (change) {
            case Change.AddressAdd a -> {
                needDevice(a.device());
                if (a.immediate() == null) {
                    throw new ControlException(ErrorCode.INVALID, "an address of a virtual router cannot wait");
                }
                if (addresses.containsKey(a.address())) {
                    throw new ControlException(ErrorCode.EXISTS, "address " + a.address());
                }
                addresses.put(a.address(), new WantedAddress(a.device(), a.address(), a.prefixLength(), a.scope()));
            }
            case Change.AddressDelete a -> {
                need(hasAddress(a.address(), a.device()), ErrorCode.NOT_EXIST, "address " + a.address());
                addresses.remove(a.address());
            }
            case Change.AddressAnnounce a ->
                need(hasAddress(a.address(), a.device()), ErrorCode.NOT_EXIST, "address " + a.address());
            case Change.RouteAdd r -> {
                needDevice(String.valueOf(r.device()));
                routes.add(
                        new VirtualRoute(r.prefix(), r.prefixLength(), r.gateway(), r.device(), r.source(), r.scope()));
            }
            case Change.RouteDelete r ->
                routes.removeIf(o -> o.prefix().equals(r.prefix())
                        && o.prefixLength() == r.prefixLength()
                        && String.valueOf(o.device()).equals(r.device()));
            case Change.ServiceAdd s -> {
                need(!services.containsKey(s.service()), ErrorCode.EXISTS, "service " + s.service());
                needScheduler(s.options());
                services.put(s.service(), new Held(s.options(), Map.of(), Map.of()));
            }
            case Change.ServiceEdit s -> {
                Held old = service(s.service(), ErrorCode.INVALID);
                needScheduler(s.options());
                services.put(s.service(), new Held(s.options(), old.localAddresses(), old.servers()));
            }
            case Change.ServiceDelete s -> {
                Held ignored = service(s.service(), ErrorCode.INVALID);
                services.remove(s.service());
            }
            case Change.ServerAdd s -> {
                Held old = service(s.service(), ErrorCode.INVALID);
                need(!old.servers().containsKey(s.server()), ErrorCode.EXISTS, "server " + s.server());
                server(s.service(), old, s.server(), s.options());
            }
            case Change.ServerEdit s -> {
                Held old = service(s.service(), ErrorCode.INVALID);
                need(old.servers().containsKey(s.server()), ErrorCode.NOT_EXIST, "server " + s.server());
                server(s.service(), old, s.server(), s.options());
            }
            case Change.ServerDelete s -> {
                Held old = service(s.service(), ErrorCode.INVALID);
                need(old.servers().containsKey(s.server()), ErrorCode.NOT_EXIST, "server " + s.server());
                server(s.service(), old, s.server(), null);
            }
            case Change.LocalAddressAdd l -> {
                needDevice(l.device());
                Held old = service(l.service(), ErrorCode.NO_SERVICE);
                need(!old.localAddresses().containsKey(l.address()), ErrorCode.EXISTS, "local " + l.address());
                need(
                        l.device().equals(lips.getOrDefault(l.address(), l.device())),
                        ErrorCode.EXISTS,
                        "lip " + l.address());
                lips.put(l.address(), l.device());
                local(l.service(), old, l.address(), l.device());
            }
            case Change.LocalAddressDelete l -> {
                Held old = service(l.service(), ErrorCode.NO_SERVICE);
                need(
                        l.device().equals(old.localAddresses().get(l.address())),
                        ErrorCode.NOT_EXIST,
                        "local " + l.address());
                local(l.service(), old, l.address(), null);
                if (services.values().stream().noneMatch(s -> s.localAddresses().containsKey(l.address()))) {
                    lips.remove(l.address());
                }
            }
            default -> throw new ControlException(ErrorCode.NOT_SUPPORTED, "nobody but an operator does " + change);
        }
    }

    private boolean hasAddress(IpAddress address, String device) {
        WantedAddress there = addresses.get(address);
        return there != null && there.device().equals(device);
    }

    private void server(ServiceKey key, Held old, Endpoint server, @Nullable ServerOptions options) {
        Map<Endpoint, ServerOptions> servers = new HashMap<>(old.servers());
        if (options == null) {
            servers.remove(server);
        } else {
            servers.put(server, options);
        }
        services.put(key, new Held(old.options(), old.localAddresses(), servers));
    }

    private void local(ServiceKey key, Held old, IpAddress address, @Nullable String device) {
        Map<IpAddress, String> locals = new HashMap<>(old.localAddresses());
        if (device == null) {
            locals.remove(address);
        } else {
            locals.put(address, device);
        }
        services.put(key, new Held(old.options(), locals, old.servers()));
    }

    private Held service(ServiceKey key, ErrorCode missing) throws ControlException {
        Held held = services.get(key);
        if (held == null) {
            throw new ControlException(missing, "service " + key);
        }
        return held;
    }

    private static void needScheduler(ServiceOptions options) throws ControlException {
        need(!options.scheduler().equals("frob"), ErrorCode.NOT_EXIST, "scheduler " + options.scheduler());
    }

    private static void needDevice(String device) throws ControlException {
        need(device.startsWith("dpdk"), ErrorCode.NOT_EXIST, "device " + device);
    }

    private static void need(boolean condition, ErrorCode code, String what) throws ControlException {
        if (!condition) {
            throw new ControlException(code, what);
        }
    }

    @Override
    public Views.Status status() throws IOException {
        return new Views.Status(
                "9", here(), 1, 2, "c", "s", List.of(), 0, 0, new Views.Pressure(0, 0, 0, 0, false), 0, List.of());
    }

    @Override
    public synchronized List<Views.Service> services() throws IOException {
        String ignored = here();
        Views.Counters none = new Views.Counters(0, 0, 0, 0, 0);
        Views.Rates still = new Views.Rates(0, 0, 0, 0, 0);
        List<Views.Service> views = new ArrayList<>();
        services.forEach((key, held) -> views.add(new Views.Service(
                key,
                held.options(),
                held.servers().entrySet().stream()
                        .map(s -> new Views.Server(s.getKey(), s.getValue(), 0, 0, 0, false, false, none, still))
                        .toList(),
                held.localAddresses().entrySet().stream()
                        .map(l -> new Views.LocalAddress(l.getKey(), l.getValue(), 0, 0))
                        .toList(),
                none,
                still)));
        return views;
    }

    @Override
    public synchronized List<Views.Address> addresses(boolean perWorker) throws IOException {
        String ignored = here();
        return addresses.values().stream()
                .map(a -> new Views.Address(
                        0, a.address(), a.prefixLength(), a.scope(), a.device(), null, -1, -1, null, false, "assigned"))
                .toList();
    }

    @Override
    public void events(Predicate<Event> visitor) throws IOException {
        String first = here();
        boolean more = visitor.test(new Event(Event.Kind.READY, first));
        while (more) {
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (!here().equals(first)) {
                return;
            }
            more = visitor.test(new Event(Event.Kind.TICK, first));
        }
    }

    @Override
    public void report(KeepalivedReport report) throws IOException {
        String ignored = here();
        synchronized (this) {
            reports.add(report);
        }
    }

    @Override
    public synchronized List<Views.Keepalived> keepalived() throws IOException {
        if (reportsUnreadable) {
            byte[] old = "{\"pid\":1}".getBytes(StandardCharsets.UTF_8);
            ControlJson.read(old, KeepalivedReport.class);
        }
        return reports.stream()
                .map(report -> new Views.Keepalived(report, 0, 0))
                .toList();
    }

    private static UnsupportedOperationException nobodyAsks() {
        return new UnsupportedOperationException("keepalived does not ask this");
    }

    @Override
    public List<Views.Link> links() {
        throw nobodyAsks();
    }

    @Override
    public List<Views.Route> routes(boolean ipv6) {
        throw nobodyAsks();
    }

    @Override
    public List<Views.Neighbour> neighbours() {
        throw nobodyAsks();
    }

    @Override
    public Views.Service service(ServiceKey key) {
        throw nobodyAsks();
    }

    @Override
    public void connections(Predicate<Views.Connection> visitor) {
        throw nobodyAsks();
    }

    @Override
    public List<Views.PortUse> ports(int limit) {
        throw nobodyAsks();
    }

    @Override
    public List<Views.Drop> drops() {
        throw nobodyAsks();
    }

    @Override
    public List<Views.Ipv6Counter> ipv6Counters() {
        throw nobodyAsks();
    }

    @Override
    public Traces.Trace trace(Traces.Question question) {
        throw nobodyAsks();
    }

    @Override
    public void explain(InputStream capture, Predicate<Traces.Explained> visitor) {
        throw nobodyAsks();
    }

    @Override
    public void watch(WatchRequest request, Predicate<PacketEvent> visitor) {
        throw nobodyAsks();
    }
}

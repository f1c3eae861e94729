package jdpvs.control;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Random answers, drawn once, and what was applied. */
final class RecordedControl implements Control {
    private final Views.Status status;
    private final List<Views.Link> links = new ArrayList<>();
    private final List<Views.Address> addresses = new ArrayList<>();
    private final List<Views.Route> routes = new ArrayList<>();
    private final List<Views.Neighbour> neighbours = new ArrayList<>();
    private final List<Views.Service> services = new ArrayList<>();
    private final List<Views.PortUse> ports = new ArrayList<>();
    private final List<Views.Drop> drops = new ArrayList<>();
    private final List<Views.Ipv6Counter> ipv6Counters = new ArrayList<>();
    final List<Views.Connection> connections = new ArrayList<>();
    final List<PacketEvent> events = new ArrayList<>();
    List<Change> applied = List.of();

    @Nullable WatchRequest watched;

    @Nullable ControlException refusal;

    RecordedControl(Samples samples) {
        status = samples.of(Views.Status.class);
        for (int i = 0; i < 4; i++) {
            links.add(samples.of(Views.Link.class));
            addresses.add(samples.of(Views.Address.class));
            routes.add(samples.of(Views.Route.class));
            neighbours.add(samples.of(Views.Neighbour.class));
            services.add(samples.of(Views.Service.class));
            ports.add(samples.of(Views.PortUse.class));
            drops.add(samples.of(Views.Drop.class));
            ipv6Counters.add(samples.of(Views.Ipv6Counter.class));
        }
        for (int i = 0; i < 200; i++) {
            events.add(samples.of(PacketEvent.class));
        }
        for (int i = 0; i < 5_000; i++) {
            connections.add(samples.of(Views.Connection.class));
        }
    }

    @Override
    public void apply(List<Change> changes) throws ControlException {
        if (refusal != null) {
            throw refusal;
        }
        applied = changes;
    }

    @Override
    public Views.Status status() {
        return status;
    }

    @Override
    public List<Views.Link> links() {
        return links;
    }

    @Override
    public List<Views.Address> addresses(boolean perWorker) {
        return perWorker ? addresses : addresses.subList(0, 1);
    }

    @Override
    public List<Views.Route> routes(boolean ipv6) {
        return ipv6 ? routes.subList(0, 2) : routes.subList(2, 4);
    }

    @Override
    public List<Views.Neighbour> neighbours() {
        return neighbours;
    }

    @Override
    public List<Views.Service> services() {
        return services;
    }

    @Override
    public Views.@Nullable Service service(ServiceKey key) {
        return key.protocol() == Protocol.TCP
                        && key.address().equals(IpAddress.parse("2001:db8::1"))
                        && key.port() == 80
                ? services.getFirst()
                : null;
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
        return ports.subList(0, Math.min(limit, ports.size()));
    }

    @Override
    public List<Views.Drop> drops() {
        return drops;
    }

    @Override
    public List<Views.Ipv6Counter> ipv6Counters() {
        return ipv6Counters;
    }

    /** What {@link #explain} read. */
    byte[] capture = {};

    @Override
    public Traces.Trace trace(Traces.Question question) throws ControlException {
        if (question.protocol() == Protocol.SCTP) {
            throw new ControlException(ErrorCode.NOT_SUPPORTED, "trace of SCTP");
        }
        return trace(question, question.virtual().port());
    }

    static Traces.Trace trace(Traces.Question question, int findings) {
        return new Traces.Trace(
                question,
                java.util.stream.IntStream.range(0, findings)
                        .mapToObj(i -> new Traces.Finding("step" + i, Traces.Mark.OK, "found", "there"))
                        .toList(),
                List.of("a warning"),
                new Traces.Verdict(Traces.Fate.TO_SERVER, null, "forwarded", ""));
    }

    @Override
    public void explain(InputStream in, Predicate<Traces.Explained> visitor) throws ControlException, IOException {
        capture = in.readAllBytes();
        for (int i = 1; i <= capture.length / 100; i++) {
            if (!visitor.test(explained(i))) {
                return;
            }
        }
        if (capture.length % 100 == 1) {
            throw new ControlException(ErrorCode.INVALID, "the capture file is broken");
        }
    }

    static Traces.Explained explained(int number) {
        return new Traces.Explained(
                number, 1, 60, "ARP", new Traces.Verdict(Traces.Fate.DROPPED, "bad-arp", "sentence", "remedy"));
    }

    @Override
    public void watch(WatchRequest request, Predicate<PacketEvent> visitor) throws ControlException {
        if (refusal != null) {
            throw refusal;
        }
        watched = request;
        for (PacketEvent event : events) {
            if (!visitor.test(event)) {
                return;
            }
        }
    }

    @Override
    public void events(Predicate<Event> visitor) throws ControlException {
        if (refusal != null) {
            throw refusal;
        }
        boolean more = visitor.test(new Event(Event.Kind.READY, "here"));
        for (int i = 0; i < 100 && more; i++) {
            more = visitor.test(new Event(Event.Kind.TICK, "here"));
        }
    }

    private List<Views.Keepalived> keepalived = List.of();

    @Override
    public void report(KeepalivedReport report) {
        keepalived = List.of(new Views.Keepalived(report, 1, 2));
    }

    @Override
    public List<Views.Keepalived> keepalived() {
        return keepalived;
    }
}

package jdpvs.daemon.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
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
import jdpvs.control.ServiceKey;
import jdpvs.control.Traces;
import jdpvs.control.Views;
import jdpvs.control.WatchRequest;
import org.jspecify.annotations.Nullable;

/** Remembers changes and answers little. */
final class RecordingControl implements Control {
    static final int CONNECTIONS = 20_000;

    final List<Change> applied = new ArrayList<>();

    @Override
    public synchronized void apply(List<Change> changes) throws ControlException {
        if (changes.contains(new Change.AddressFlush("refuse"))) {
            throw new ControlException(ErrorCode.NOT_EXIST, "device refuse", 0);
        }
        applied.addAll(changes);
    }

    @Override
    public Views.Status status() {
        return new Views.Status(
                "9.9", "i", 1, 2, "c", "s", List.of(), 0, 0, new Views.Pressure(0, 0, 0, 0, false), 0, List.of());
    }

    @Override
    public List<Views.Link> links() {
        return List.of();
    }

    @Override
    public List<Views.Address> addresses(boolean perWorker) {
        return List.of();
    }

    @Override
    public List<Views.Route> routes(boolean ipv6) {
        return List.of();
    }

    @Override
    public List<Views.Neighbour> neighbours() {
        return List.of();
    }

    @Override
    public List<Views.Service> services() {
        return List.of();
    }

    @Override
    public Views.@Nullable Service service(ServiceKey key) {
        return null;
    }

    @Override
    public void connections(Predicate<Views.Connection> visitor) {
        Endpoint end = new Endpoint(IpAddress.parse("10.0.0.1"), 80);
        Views.Connection connection = new Views.Connection(1, "tcp", 90, "TCP_EST", end, end, end, end);
        boolean more = true;
        for (int i = 0; i < CONNECTIONS && more; i++) {
            more = visitor.test(connection);
        }
    }

    @Override
    public List<Views.PortUse> ports(int limit) {
        return List.of(new Views.PortUse(
                IpAddress.parse("10.0.0.1"), "tcp", new Endpoint(IpAddress.parse("10.0.0.2"), 80), 1, 2, 3, false));
    }

    @Override
    public List<Views.Drop> drops() {
        return List.of(new Views.Drop("r", "s", 3, List.of(1L, 2L)));
    }

    @Override
    public List<Views.Ipv6Counter> ipv6Counters() {
        return List.of(new Views.Ipv6Counter("InReceives", "s", 3, List.of(1L, 2L)));
    }

    @Override
    public Traces.Trace trace(Traces.Question question) {
        return new Traces.Trace(
                question, List.of(), List.of(), new Traces.Verdict(Traces.Fate.TO_SERVER, null, "forwarded", ""));
    }

    @Override
    public void explain(InputStream capture, Predicate<Traces.Explained> visitor) throws IOException {
        int length = capture.readAllBytes().length;
        boolean ignored = visitor.test(
                new Traces.Explained(1, 0, length, "all", new Traces.Verdict(Traces.Fate.LEARNT, null, "learnt", "")));
    }

    @Override
    public void watch(WatchRequest request, Predicate<PacketEvent> visitor) {
        for (long i = 0; visitor.test(PacketEvent.tick(i, 0)); i++) {
            Thread.onSpinWait();
        }
    }

    private List<Views.Keepalived> keepalived = List.of();

    @Override
    public void events(Predicate<Event> visitor) {
        boolean more = visitor.test(new Event(Event.Kind.READY, "i"));
        try {
            while (more) {
                Thread.sleep(10);
                more = visitor.test(new Event(Event.Kind.TICK, "i"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void report(KeepalivedReport report) {
        keepalived = List.of(new Views.Keepalived(report, 1, 2));
    }

    @Override
    public List<Views.Keepalived> keepalived() {
        return keepalived;
    }
}

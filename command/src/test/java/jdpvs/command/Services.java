package jdpvs.command;

import java.io.InputStream;
import java.util.List;
import java.util.function.Predicate;
import jdpvs.control.Change;
import jdpvs.control.Control;
import jdpvs.control.ControlException;
import jdpvs.control.Event;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.PacketEvent;
import jdpvs.control.ServiceKey;
import jdpvs.control.Traces;
import jdpvs.control.Views;
import jdpvs.control.WatchRequest;
import org.jspecify.annotations.Nullable;

/** Another balancer with services of one's choice. */
record Services(FakeControl other, List<Views.Service> services) implements Control {
    @Override
    public void apply(List<Change> changes) throws ControlException {
        other.apply(changes);
    }

    @Override
    public Views.Status status() {
        return other.status();
    }

    @Override
    public List<Views.Link> links() {
        return other.links();
    }

    @Override
    public List<Views.Address> addresses(boolean perWorker) {
        return other.addresses(perWorker);
    }

    @Override
    public List<Views.Route> routes(boolean ipv6) {
        return other.routes(ipv6);
    }

    @Override
    public List<Views.Neighbour> neighbours() {
        return other.neighbours();
    }

    @Override
    public Views.@Nullable Service service(ServiceKey key) {
        return services.stream().filter(s -> s.key().equals(key)).findFirst().orElse(null);
    }

    @Override
    public void connections(Predicate<Views.Connection> visitor) {
        other.connections(visitor);
    }

    @Override
    public List<Views.PortUse> ports(int limit) {
        return other.ports(limit);
    }

    @Override
    public List<Views.Drop> drops() {
        return other.drops();
    }

    @Override
    public List<Views.Ipv6Counter> ipv6Counters() {
        return other.ipv6Counters();
    }

    @Override
    public Traces.Trace trace(Traces.Question question) throws ControlException {
        return other.trace(question);
    }

    @Override
    public void explain(InputStream capture, Predicate<Traces.Explained> visitor) throws ControlException {
        other.explain(capture, visitor);
    }

    @Override
    public void watch(WatchRequest request, Predicate<PacketEvent> visitor) throws ControlException {
        other.watch(request, visitor);
    }

    @Override
    public void events(Predicate<Event> visitor) {
        other.events(visitor);
    }

    @Override
    public void report(KeepalivedReport report) {
        other.report(report);
    }

    @Override
    public List<Views.Keepalived> keepalived() {
        return other.keepalived();
    }
}

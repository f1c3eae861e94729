package jdpvs.command;

import java.io.InputStream;
import java.util.List;
import java.util.function.Predicate;
import jdpvs.control.Change;
import jdpvs.control.Control;
import jdpvs.control.Event;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.PacketEvent;
import jdpvs.control.ServiceKey;
import jdpvs.control.Traces;
import jdpvs.control.UnreachableException;
import jdpvs.control.Views;
import jdpvs.control.WatchRequest;

/** Where no daemon answers: every call fails with the system's reason, so that a command gets as far as it can without one. */
public final class UnreachableControl implements Control {
    private final String reason;

    public UnreachableControl(String reason) {
        this.reason = reason;
    }

    @Override
    public void apply(List<Change> changes) throws UnreachableException {
        throw fail();
    }

    @Override
    public Views.Status status() throws UnreachableException {
        throw fail();
    }

    @Override
    public List<Views.Link> links() throws UnreachableException {
        throw fail();
    }

    @Override
    public List<Views.Address> addresses(boolean perWorker) throws UnreachableException {
        throw fail();
    }

    @Override
    public List<Views.Route> routes(boolean ipv6) throws UnreachableException {
        throw fail();
    }

    @Override
    public List<Views.Neighbour> neighbours() throws UnreachableException {
        throw fail();
    }

    @Override
    public List<Views.Service> services() throws UnreachableException {
        throw fail();
    }

    @Override
    public Views.Service service(ServiceKey key) throws UnreachableException {
        throw fail();
    }

    @Override
    public void connections(Predicate<Views.Connection> visitor) throws UnreachableException {
        throw fail();
    }

    @Override
    public List<Views.PortUse> ports(int limit) throws UnreachableException {
        throw fail();
    }

    @Override
    public List<Views.Drop> drops() throws UnreachableException {
        throw fail();
    }

    @Override
    public List<Views.Ipv6Counter> ipv6Counters() throws UnreachableException {
        throw fail();
    }

    @Override
    public Traces.Trace trace(Traces.Question question) throws UnreachableException {
        throw fail();
    }

    @Override
    public void explain(InputStream capture, Predicate<Traces.Explained> visitor) throws UnreachableException {
        throw fail();
    }

    @Override
    public void watch(WatchRequest request, Predicate<PacketEvent> visitor) throws UnreachableException {
        throw fail();
    }

    @Override
    public void events(Predicate<Event> visitor) throws UnreachableException {
        throw fail();
    }

    @Override
    public void report(KeepalivedReport report) throws UnreachableException {
        throw fail();
    }

    @Override
    public List<Views.Keepalived> keepalived() throws UnreachableException {
        throw fail();
    }

    private UnreachableException fail() {
        return new UnreachableException(reason);
    }
}

package jdpvs.control;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one door to a running balancer. The daemon implements it, the HTTP client speaks to it from outside; both behave alike.
 *
 * <p>Every method throws {@link UnreachableException} (an IOException) when no daemon answers.
 */
public interface Control {
    /** Applies all changes, in order and at once, or none. */
    void apply(List<Change> changes) throws ControlException, IOException;

    Views.Status status() throws IOException;

    List<Views.Link> links() throws IOException;

    /** @param perWorker one list for the master and one for each worker, as {@code dpip -v} shows; else the master's */
    List<Views.Address> addresses(boolean perWorker) throws IOException;

    List<Views.Route> routes(boolean ipv6) throws IOException;

    List<Views.Neighbour> neighbours() throws IOException;

    /** In table order. */
    List<Views.Service> services() throws IOException;

    Views.@Nullable Service service(ServiceKey key) throws IOException;

    /** Visits connections in bounded memory until the visitor answers false. */
    void connections(Predicate<Views.Connection> visitor) throws IOException;

    /**
     * How local addresses' ports are used towards each server, the fullest first; pairs without connections and misses are left out.
     *
     * @param limit the most rows, from 1
     */
    List<Views.PortUse> ports(int limit) throws IOException;

    /** Every reason, also those that never happened. */
    List<Views.Drop> drops() throws IOException;

    /** Every counter, in the order in which {@code dpip ipv6 show} prints them. */
    List<Views.Ipv6Counter> ipv6Counters() throws IOException;

    /**
     * What happens to a client's packet, from the live tables; when the question says so, a real one is sent.
     *
     * @throws ControlException NOT_SUPPORTED for what is neither TCP nor UDP over IPv4, BUSY when a packet of an existing connection would have to be sent
     */
    Traces.Trace trace(Traces.Question question) throws ControlException, IOException;

    /**
     * What dpvs would do with each packet of a capture file (pcap or pcapng), in bounded memory, until the visitor answers false.
     *
     * @throws ControlException INVALID with a sentence when the file is none or broken; packets before the defect were visited
     */
    void explain(InputStream capture, Predicate<Traces.Explained> visitor) throws ControlException, IOException;

    /**
     * Shows packets as they pass, on the caller's thread, until the visitor answers false: first a tick, then whatever happens, with a tick a few times a
     * second. The workers never wait for the visitor; what it does not take in time is lost and counted.
     *
     * @throws ControlException INVALID for a filter that cannot be understood, NO_DEVICE, NO_RESOURCE when too many watch already; nothing was shown then
     */
    void watch(WatchRequest request, Predicate<PacketEvent> visitor) throws ControlException, IOException;

    /**
     * Stays, on the caller's thread, until the visitor answers false or the daemon goes: first {@link Event.Kind#READY}, then a tick at least each second.
     *
     * @throws ControlException NO_RESOURCE when too many listen already
     * @throws IOException when the daemon goes without a word
     */
    void events(Predicate<Event> visitor) throws ControlException, IOException;

    /** keepalived says how it is; the daemon keeps the last report of each part until it ends. */
    void report(KeepalivedReport report) throws IOException;

    /** The last reports, one of each part; none = no keepalived has reported since the daemon's start. */
    List<Views.Keepalived> keepalived() throws IOException;
}

package jdpvs.control;

import java.io.IOException;
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
}

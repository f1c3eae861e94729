package jdpvs.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What keepalived says of itself: it sends this to the daemon after each change, and {@code dpvsctl ha} and {@code dpvsctl health} print it. Times are milliseconds since 1970.
 *
 * @param part what this process does of keepalived's work
 * @param loadedMillis when the configuration was read last
 * @param made what dpvs has because of it: the next keepalived takes that over when this one is killed
 * @param refused what dpvs would not do, one sentence each
 */
public record KeepalivedReport(
        long pid,
        Part part,
        String configurationFile,
        long startedMillis,
        long loadedMillis,
        List<Instance> instances,
        List<VirtualServer> virtualServers,
        Made made,
        List<String> refused) {

    public KeepalivedReport {
        instances = List.copyOf(instances);
        virtualServers = List.copyOf(virtualServers);
        refused = List.copyOf(refused);
    }

    /** What it says of one part of the work, when it did everything. */
    public KeepalivedReport only(Part half) {
        boolean vrrp = half == Part.VRRP;
        return new KeepalivedReport(
                pid,
                half,
                configurationFile,
                startedMillis,
                loadedMillis,
                vrrp ? instances : List.of(),
                vrrp ? List.of() : virtualServers,
                vrrp
                        ? new Made(List.of(), made.addresses(), made.routes())
                        : new Made(made.services(), List.of(), List.of()),
                List.of());
    }

    /** What a keepalived does: two processes may share the work ({@code -P}, {@code -C}). */
    public enum Part {
        EVERYTHING,
        VRRP,
        CHECKS;

        /** Whether no two keepalived can do these at the same time. */
        public boolean overlaps(Part other) {
            return this == other || this == EVERYTHING || other == EVERYTHING;
        }
    }

    /** What it made on dpvs, or found there and wants. */
    public record Made(List<ServiceKey> services, List<MadeAddress> addresses, List<MadeRoute> routes) {
        public static final Made NOTHING = new Made(List.of(), List.of(), List.of());

        public Made {
            services = List.copyOf(services);
            addresses = List.copyOf(addresses);
            routes = List.copyOf(routes);
        }
    }

    public record MadeAddress(String device, IpAddress address) {}

    /** The parts are those of {@link Change.RouteAdd}. */
    public record MadeRoute(
            IpAddress prefix,
            int prefixLength,
            @Nullable IpAddress gateway,
            @Nullable String device,
            @Nullable IpAddress source,
            @Nullable String scope) {}

    /**
     * A VRRP instance.
     *
     * @param device dpvs's, which gets the addresses; null = none
     * @param state INIT, BACKUP, MASTER or FAULT
     * @param reason of the state, a sentence
     * @param priority what it advertises now
     * @param basePriority the configured one
     * @param master who was heard last as master; null = nobody, or this host
     * @param group of {@code vrrp_sync_group}; null = none
     * @param addresses as text
     * @param sent advertisements
     * @param received advertisements that were valid
     * @param refused advertisements that were not
     * @param transitions the last ones, the oldest first
     */
    public record Instance(
            String name,
            String networkInterface,
            @Nullable String device,
            int virtualRouterId,
            boolean ipv6,
            int version,
            String state,
            long sinceMillis,
            String reason,
            int priority,
            int basePriority,
            @Nullable IpAddress master,
            @Nullable String group,
            List<String> addresses,
            long sent,
            long received,
            long refused,
            List<Transition> transitions) {
        public Instance {
            addresses = List.copyOf(addresses);
            transitions = List.copyOf(transitions);
        }
    }

    public record Transition(long atMillis, String from, String to, String reason) {}

    /**
     * @param services each of the group's
     * @param up whether the quorum is there
     * @param weight the sum of live servers' weights
     * @param sorry whether the sorry server serves
     */
    public record VirtualServer(
            String name,
            List<ServiceKey> services,
            boolean up,
            long sinceMillis,
            long weight,
            long quorum,
            boolean sorry,
            List<Server> servers) {
        public VirtualServer {
            services = List.copyOf(services);
            servers = List.copyOf(servers);
        }
    }

    /** @param weight what dpvs has; 0 while inhibited */
    public record Server(Endpoint endpoint, boolean up, long sinceMillis, int weight, List<Check> checks) {
        public Server {
            checks = List.copyOf(checks);
        }
    }

    /**
     * @param keyword TCP_CHECK and so on
     * @param target what is asked, for example {@code 10.0.0.1:80} or a command
     * @param checkedMillis when it was asked last; 0 = never yet
     * @param error the last one; empty = there was none
     * @param errorMillis when that was; 0 = never
     * @param failures attempts that failed, since the check began
     */
    public record Check(
            String keyword,
            String target,
            boolean up,
            long sinceMillis,
            long checkedMillis,
            String error,
            long errorMillis,
            long attempts,
            long failures) {}
}

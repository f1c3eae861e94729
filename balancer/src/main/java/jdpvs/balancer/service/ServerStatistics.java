package jdpvs.balancer.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What listings show of servers: sums over all workers, since the last zeroing, and rates. Used by control threads; one at a time.
 *
 * <p>Rates are computed from samples that the daemon takes about once a second: the difference between the newest sample and the one two samples
 * ago, that is over about the last two seconds; 0 until a server has been sampled twice.
 */
public final class ServerStatistics {
    private final List<ServerCounters> workers;
    private final @Nullable Counts[] baselines;
    private final @Nullable Samples[] samples;

    /** Three samples of one owner of an id, the newest first. */
    private record Samples(
            int generation,
            long newestMillis,
            Counts newest,
            long middleMillis,
            @Nullable Counts middle,
            long oldestMillis,
            @Nullable Counts oldest) {}

    /** @param servers the number of server ids */
    public ServerStatistics(List<ServerCounters> workers, int servers) {
        this.workers = List.copyOf(workers);
        this.baselines = new Counts[servers];
        this.samples = new Samples[servers];
    }

    /** Since the server was added or last zeroed. */
    public synchronized Counts counts(Server server) {
        return sinceBaseline(server.id(), total(server.id()));
    }

    /** Of all its servers; those of removed servers are gone (facts: behaviour §13). */
    public synchronized Counts counts(Service service) {
        Counts sum = Counts.ZERO;
        for (Server server : service.servers()) {
            sum = sum.plus(counts(server));
        }
        return sum;
    }

    /** Per second over about the last two seconds. */
    public synchronized Counts rates(Server server) {
        Samples taken = samples[server.id()];
        if (taken == null || taken.generation != server.generation()) {
            return Counts.ZERO;
        }
        Counts from = taken.oldest != null ? taken.oldest : taken.middle;
        long millis = taken.newestMillis - (taken.oldest != null ? taken.oldestMillis : taken.middleMillis);
        return from == null || millis <= 0
                ? Counts.ZERO
                : taken.newest.minus(from).perSecond(millis);
    }

    public synchronized Counts rates(Service service) {
        Counts sum = Counts.ZERO;
        for (Server server : service.servers()) {
            sum = sum.plus(rates(server));
        }
        return sum;
    }

    /** Established connections on all workers, those from before the server was removed and added again included. */
    public long active(int server) {
        long sum = 0;
        for (ServerCounters worker : workers) {
            sum += worker.active(server);
        }
        return sum;
    }

    /** Connections in any other state on all workers. */
    public long inactive(int server) {
        long sum = 0;
        for (ServerCounters worker : workers) {
            sum += worker.inactive(server);
        }
        return sum;
    }

    /** Whether its connections have reached the upper threshold. */
    public boolean overloaded(Server server) {
        return server.upperThreshold() > 0 && active(server.id()) + inactive(server.id()) >= server.upperThreshold();
    }

    /** Whether no worker has a connection to it. */
    public boolean idle(int server) {
        for (ServerCounters worker : workers) {
            if (worker.connections(server) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Counts begin again at 0; active and inactive connections stay. */
    public synchronized void zero(Server server) {
        zero(server.id());
    }

    public synchronized void zero(Service service) {
        for (Server server : service.servers()) {
            zero(server.id());
        }
    }

    synchronized void zero(int server) {
        baselines[server] = total(server);
    }

    /** Takes one sample of every server for the rates. To be called about once a second. */
    public synchronized void sample(ServiceConfiguration configuration, long nowMillis) {
        for (Service service : configuration.services()) {
            for (Server server : service.servers()) {
                int id = server.id();
                Samples before = samples[id];
                Counts now = total(id);
                if (before == null || before.generation != server.generation()) {
                    samples[id] = new Samples(server.generation(), nowMillis, now, 0, null, 0, null);
                } else if (nowMillis > before.newestMillis) {
                    samples[id] = new Samples(
                            before.generation,
                            nowMillis,
                            now,
                            before.newestMillis,
                            before.newest,
                            before.middleMillis,
                            before.middle);
                }
            }
        }
    }

    private Counts sinceBaseline(int server, Counts total) {
        Counts baseline = baselines[server];
        return baseline == null ? total : total.minus(baseline);
    }

    private Counts total(int server) {
        long connections = 0;
        long inPackets = 0;
        long outPackets = 0;
        long inBytes = 0;
        long outBytes = 0;
        for (ServerCounters worker : workers) {
            connections += worker.connectionsCreated(server);
            inPackets += worker.packetsIn(server);
            outPackets += worker.packetsOut(server);
            inBytes += worker.bytesIn(server);
            outBytes += worker.bytesOut(server);
        }
        return new Counts(connections, inPackets, outPackets, inBytes, outBytes);
    }
}

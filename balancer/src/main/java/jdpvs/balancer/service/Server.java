package jdpvs.balancer.service;

import jdpvs.wire.Address;

/** A real server of one service as workers see it: immutable. */
public final class Server {
    private final int id;
    private final int generation;
    private final int serviceId;
    private final ServerEndpoint endpoint;
    private final ServerSettings settings;
    private final Address address;
    private final int port;
    private final int weight;
    private final int upperThreshold;

    Server(int id, int generation, int serviceId, ServerEndpoint endpoint, ServerSettings settings) {
        this.id = id;
        this.generation = generation;
        this.serviceId = serviceId;
        this.endpoint = endpoint;
        this.settings = settings;
        this.address = endpoint.address();
        this.port = endpoint.port();
        this.weight = settings.weight();
        this.upperThreshold = settings.upperThreshold();
    }

    /** Small; indexes every worker's {@link ServerCounters}; reused only after the last connection is gone. */
    public int id() {
        return id;
    }

    /** Tells two owners of one id apart. */
    public int generation() {
        return generation;
    }

    public int serviceId() {
        return serviceId;
    }

    public ServerEndpoint endpoint() {
        return endpoint;
    }

    public ServerSettings settings() {
        return settings;
    }

    public Address address() {
        return address;
    }

    public int port() {
        return port;
    }

    /** 0 takes no new connections. */
    public int weight() {
        return weight;
    }

    /** The upper threshold over all workers, 0 = none; see {@link #upperThreshold(int, int)}. */
    public int upperThreshold() {
        return upperThreshold;
    }

    /**
     * One worker's share of the upper threshold (facts: behaviour §3 Limits), 0 = none. The first workers take the remainder; a threshold
     * below the number of workers gives each worker one, because a worker that refused all its clients would be worse than a few too many.
     */
    public int upperThreshold(int worker, int workers) {
        if (upperThreshold == 0) {
            return 0;
        }
        int share = upperThreshold / workers + (worker < upperThreshold % workers ? 1 : 0);
        return Math.max(1, share);
    }

    /** Whether this worker may give the server a new connection: weight above 0 and its share of the upper threshold not reached. */
    public boolean eligible(ServerCounters counters, int worker, int workers) {
        if (weight == 0) {
            return false;
        }
        return upperThreshold == 0 || counters.active(id) + counters.inactive(id) < upperThreshold(worker, workers);
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}

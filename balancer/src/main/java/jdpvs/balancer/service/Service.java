package jdpvs.balancer.service;

import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/** A virtual service as workers see it: immutable, part of a {@link ServiceConfiguration}. */
public final class Service {
    private final int id;
    private final int generation;
    private final VirtualEndpoint endpoint;
    private final ServiceSettings settings;
    private final Scheduler scheduler;
    private final @Nullable ProxyProtocol proxyProtocol;
    private final Server[] servers;
    private final LocalAddress[] localAddresses;
    private final int heaviest;
    private final int weightStep;

    /** The arrays are handed over, not copied. */
    Service(
            int id,
            int generation,
            VirtualEndpoint endpoint,
            ServiceSettings settings,
            Scheduler scheduler,
            @Nullable ProxyProtocol proxyProtocol,
            Server[] servers,
            LocalAddress[] localAddresses) {
        this.id = id;
        this.generation = generation;
        this.endpoint = endpoint;
        this.settings = settings;
        this.scheduler = scheduler;
        this.proxyProtocol = proxyProtocol;
        this.servers = servers;
        this.localAddresses = localAddresses;
        int maximum = 0;
        int step = 0;
        for (Server server : servers) {
            maximum = Math.max(maximum, server.weight());
            step = greatestCommonDivisor(step, server.weight());
        }
        this.heaviest = maximum;
        this.weightStep = Math.max(1, step);
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /** Small, reused only after the last connection is gone. */
    public int id() {
        return id;
    }

    /** Tells two owners of one id apart. */
    public int generation() {
        return generation;
    }

    public VirtualEndpoint endpoint() {
        return endpoint;
    }

    public ServiceSettings settings() {
        return settings;
    }

    public Protocol protocol() {
        return endpoint.protocol();
    }

    public Address address() {
        return endpoint.address();
    }

    public int port() {
        return endpoint.port();
    }

    /** In table and scheduling order: the newest first (facts: schedulers-dpvs-1.10.2). Not to be written to. */
    public Server[] servers() {
        return servers;
    }

    /** In the order in which they were added. Not to be written to. */
    public LocalAddress[] localAddresses() {
        return localAddresses;
    }

    /** Established time-out in seconds, 0 = the global one. */
    public int connectionTimeoutSeconds() {
        return settings.connectionTimeoutSeconds();
    }

    public boolean expireQuiescent() {
        return settings.expireQuiescent();
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    /** How servers are told the client's address in a PROXY header; null = they are not. */
    public @Nullable ProxyProtocol proxyProtocol() {
        return proxyProtocol;
    }

    /** The highest weight of a server, 0 when none takes connections. */
    int heaviest() {
        return heaviest;
    }

    /** The greatest common divisor of all weights, at least 1. */
    int weightStep() {
        return weightStep;
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}

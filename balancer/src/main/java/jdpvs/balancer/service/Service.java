package jdpvs.balancer.service;

/**
 * A virtual service as workers see it: immutable, part of a {@link ServiceConfiguration}.
 *
 * <p>What is filled in by this room: identity (small id that outlives configurations), key, servers in scheduling order, local addresses,
 * scheduler, time-outs and flags.
 */
public interface Service {
    /** Small, reused only after the last connection is gone. */
    int id();

    Protocol protocol();

    int address();

    int port();

    Server[] servers();

    LocalAddress[] localAddresses();

    /** Established time-out in seconds, 0 = the global one. */
    int connectionTimeoutSeconds();

    boolean expireQuiescent();

    Scheduler scheduler();
}

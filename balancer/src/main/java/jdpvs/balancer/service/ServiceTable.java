package jdpvs.balancer.service;

import java.util.function.IntPredicate;

/**
 * The services of this process on the control side: the current {@link ServiceConfiguration} and the ids that outlive configurations. Everything
 * but {@link #current} is for one control thread at a time.
 *
 * <p>Usage: {@code begin()}, changes on the transaction, {@code commit()}, then publish the result to the workers. A transaction that is
 * dropped leaves no trace.
 */
public final class ServiceTable {
    private final Limits limits;
    private final Identities identities;
    private final ServerStatistics statistics;
    private volatile ServiceConfiguration current = ServiceConfiguration.EMPTY;

    /** @param statistics over all workers, with at least {@link Limits#servers} ids; counts of added servers begin at 0 there */
    public ServiceTable(Limits limits, ServerStatistics statistics) {
        this.limits = limits;
        this.identities = new Identities(limits);
        this.statistics = statistics;
    }

    public Limits limits() {
        return limits;
    }

    public ServiceConfiguration current() {
        return current;
    }

    public ServiceTransaction begin() {
        return new ServiceTransaction(this, current, identities);
    }

    /**
     * Frees the ids of removed services, servers and local addresses that no connection refers to any more. To be called now and then, for example
     * once a second.
     *
     * @param seenVersion the lowest {@link ServiceConfiguration#version} that any worker may still be working with, read with acquire
     *     semantics before this call: a worker with an older configuration may yet create connections to what was removed
     * @param localAddressIdle whether no worker has a connection or reserved ports on the local address with this id
     * @return how many ids were freed
     */
    public int reclaim(long seenVersion, IntPredicate localAddressIdle) {
        return identities.reclaim(seenVersion, statistics::idle, localAddressIdle);
    }

    /** Removed things that still keep their ids. */
    public int retired() {
        return identities.retired();
    }

    ServerStatistics statistics() {
        return statistics;
    }

    /** Before anything is retired or enlivened: a transaction of an older configuration must not touch the ids. */
    void expect(ServiceConfiguration base) {
        if (current != base) {
            throw new IllegalStateException("services changed since this transaction began");
        }
    }

    void replace(ServiceConfiguration next) {
        current = next;
    }
}

package jdpvs.balancer.service;

import org.jspecify.annotations.Nullable;

/**
 * Chooses a server for a new connection. Stateless and shared; its cursors live in the worker's {@link SchedulerState}.
 *
 * <p>Eligible is a server with a weight above 0 that has not reached this worker's share of its upper threshold (facts: behaviour §3).
 */
public sealed interface Scheduler permits RoundRobin, WeightedRoundRobin, WeightedLeastConnection {
    /** The name that {@code ipvsadm -s} takes: rr, wrr, wlc. */
    String name();

    /** @return the chosen server, or null when none may take a connection. Allocates nothing. */
    @Nullable Server schedule(Service service, ServerCounters counters, SchedulerState state);
}

package jdpvs.balancer.service;

import org.jspecify.annotations.Nullable;

/**
 * {@code wrr}: interleaved weighted round robin. Rounds over the table follow each other at falling levels: the highest weight, then one step (the
 * greatest common divisor of the weights) less, down to one step; a round chooses every server whose weight reaches its level. The first
 * round begins after the first server of the table at the lowest level, as DPVS's recorded sequence does; further workers begin evenly
 * spread over the whole cycle.
 */
final class WeightedRoundRobin implements Scheduler {
    @Override
    public String name() {
        return "wrr";
    }

    @Override
    public @Nullable Server schedule(Service service, ServerCounters counters, SchedulerState state) {
        Server[] servers = service.servers();
        if (service.heaviest() == 0) {
            return null;
        }
        int last = state.resume(service);
        int level = state.weightCursor(service.id());
        if (level == 0) {
            last = start(service, state);
            level = state.weightCursor(service.id());
        }
        level = Math.min(level, service.heaviest());
        int worker = state.worker();
        int workers = state.workers();
        // What is left of the round under way.
        for (int at = last + 1; at < servers.length; at++) {
            Server server = servers[at];
            if (server.weight() >= level && server.eligible(counters, worker, workers)) {
                return choose(service, state, at, level);
            }
        }
        level -= service.weightStep();
        level = level <= 0 ? service.heaviest() : level;
        // Rounds at levels that no eligible server reaches would choose nobody: go on at once with the heaviest
        // eligible server below, or from the top.
        int lighter = 0;
        for (int at = 0; at < servers.length; at++) {
            Server server = servers[at];
            if (!server.eligible(counters, worker, workers)) {
                continue;
            }
            if (server.weight() >= level) {
                return choose(service, state, at, level);
            }
            lighter = Math.max(lighter, server.weight());
        }
        for (int at = 0; lighter > 0 && at < servers.length; at++) {
            Server server = servers[at];
            if (server.weight() >= lighter && server.eligible(counters, worker, workers)) {
                return choose(service, state, at, lighter);
            }
        }
        return null;
    }

    private static Server choose(Service service, SchedulerState state, int at, int level) {
        Server server = service.servers()[at];
        state.chose(service, at, server.id());
        state.setWeightCursor(service.id(), level);
        return server;
    }

    /** Puts the cursors where {@code worker × cycle / workers} choices would have left them; returns the position last chosen. */
    private static int start(Service service, SchedulerState state) {
        Server[] servers = service.servers();
        int step = service.weightStep();
        int levels = service.heaviest() / step;
        long skip = choicesFrom(servers, step, 1) * state.worker() / state.workers();
        int level = 1;
        int last = 0;
        if (skip > 0) {
            int first = 0;
            long left = 0;
            for (int at = 1; at < servers.length; at++) {
                left += servers[at].weight() > 0 ? 1 : 0;
            }
            if (skip > left) {
                skip -= left;
                // The highest level such that rounds from the top down to it choose at least skip times.
                int low = 1;
                int high = levels;
                while (low < high) {
                    int middle = (low + high + 1) >>> 1;
                    if (choicesFrom(servers, step, middle) >= skip) {
                        low = middle;
                    } else {
                        high = middle - 1;
                    }
                }
                level = low;
                skip -= choicesFrom(servers, step, level + 1);
            } else {
                first = 1;
            }
            last = position(servers, first, level * step, skip);
        }
        state.setWeightCursor(service.id(), level * step);
        return last;
    }

    /** How often the rounds from the highest level down to this one choose. */
    private static long choicesFrom(Server[] servers, int step, int level) {
        long choices = 0;
        for (Server server : servers) {
            choices += Math.max(0, server.weight() / step - level + 1);
        }
        return choices;
    }

    /** Where the n-th server from {@code first} on stands that reaches the weight. */
    private static int position(Server[] servers, int first, int weight, long n) {
        int at = first - 1;
        for (long found = 0; found < n && at + 1 < servers.length; ) {
            at++;
            found += servers[at].weight() >= weight ? 1 : 0;
        }
        return Math.max(at, 0);
    }
}

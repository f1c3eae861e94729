package jdpvs.balancer.service;

import org.jspecify.annotations.Nullable;

/**
 * {@code wlc}: the least (active × 256 + inactive) / weight among the eligible servers, compared by cross multiplication; the first of equals in
 * table order, where every worker begins at its own server so that workers do not all prefer the same one.
 */
final class WeightedLeastConnection implements Scheduler {
    @Override
    public String name() {
        return "wlc";
    }

    @Override
    public @Nullable Server schedule(Service service, ServerCounters counters, SchedulerState state) {
        Server[] servers = service.servers();
        int count = servers.length;
        int at = (int) ((long) state.worker() * count / state.workers());
        state.adopt(service);
        Server best = null;
        long bestLoad = 0;
        for (int tried = 0; tried < count; tried++) {
            Server server = servers[at];
            at = at + 1 == count ? 0 : at + 1;
            if (!server.eligible(counters, state.worker(), state.workers())) {
                continue;
            }
            // ≤ 2^31 × 257, times a weight < 2^16: fits 63 bits.
            long load = (long) counters.active(server.id()) * 256 + counters.inactive(server.id());
            if (best == null || load * best.weight() < bestLoad * server.weight()) {
                best = server;
                bestLoad = load;
            }
        }
        return best;
    }
}

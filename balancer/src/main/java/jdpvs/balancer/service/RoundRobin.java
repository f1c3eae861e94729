package jdpvs.balancer.service;

import org.jspecify.annotations.Nullable;

/** {@code rr}: each eligible server in turn, whatever its weight (0 stays excluded). */
final class RoundRobin implements Scheduler {
    @Override
    public String name() {
        return "rr";
    }

    @Override
    public @Nullable Server schedule(Service service, ServerCounters counters, SchedulerState state) {
        Server[] servers = service.servers();
        int count = servers.length;
        if (count == 0) {
            return null;
        }
        int last = state.resume(service);
        int at = last;
        for (int tried = 0; tried < count; tried++) {
            at = at + 1 == count ? 0 : at + 1;
            Server server = servers[at];
            if (server.eligible(counters, state.worker(), state.workers())) {
                state.chose(service, at, server.id());
                return server;
            }
        }
        return null;
    }
}

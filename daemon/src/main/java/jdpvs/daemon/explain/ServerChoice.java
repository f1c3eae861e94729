package jdpvs.daemon.explain;

import java.util.Arrays;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.ServerCounters;
import jdpvs.balancer.service.Service;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.DropReason;
import org.jspecify.annotations.Nullable;

/** Which servers may take a new connection, and which one the scheduler gives it to next. */
final class ServerChoice {
    private static final String SERVICES = "ipvsadm -ln";
    private static final int LISTED = 16;

    private final int workers;

    ServerChoice(Tables tables) {
        this.workers = tables.workers().size();
    }

    /** What this worker's scheduler would choose now, or null. */
    @Nullable Server next(WorkerTables worker, Service service, Findings findings) {
        Server[] servers = service.servers();
        int eligible = 0;
        for (int i = 0; i < servers.length; i++) {
            Server server = servers[i];
            boolean may = isEligible(worker, server);
            eligible += may ? 1 : 0;
            if (i >= LISTED) {
                continue;
            }
            if (may) {
                findings.ok("server", () -> Texts.server(server) + ", " + state(worker, server), SERVICES);
            } else {
                findings.bad(
                        "server",
                        () -> Texts.server(server) + ", " + state(worker, server) + ": " + whyNot(worker, server),
                        SERVICES);
            }
        }
        if (servers.length > LISTED) {
            findings.note("server", () -> "and " + (servers.length - LISTED) + " more", SERVICES);
        }
        Server chosen = service.scheduler().schedule(service, worker.counters(), worker.schedulers());
        String turn = eligible + " of " + Texts.count(servers.length, "server") + " may take a connection";
        if (chosen == null) {
            findings.bad("scheduler", () -> service.scheduler().name() + ": " + turn, SERVICES);
        } else {
            findings.ok(
                    "scheduler",
                    () -> service.scheduler().name() + ": " + turn + ", next is " + Texts.server(chosen),
                    worker.name());
        }
        return chosen;
    }

    boolean isEligible(WorkerTables worker, Server server) {
        return server.eligible(worker.counters(), worker.index(), workers);
    }

    Verdict none(Service service) {
        Server[] servers = service.servers();
        String who = "the service " + Texts.service(service);
        if (servers.length == 0) {
            return Findings.dropped(
                    DropReason.NO_DESTINATION,
                    who + " has no server",
                    "ipvsadm -a " + Texts.option(service) + " -r SERVER:PORT -b");
        }
        Server first = servers[0];
        if (Arrays.stream(servers).allMatch(server -> server.weight() == 0)) {
            return Findings.dropped(
                    DropReason.NO_DESTINATION,
                    (servers.length == 1 ? "the only server of " + who : "every server of " + who) + " has weight 0",
                    "ipvsadm -e " + Texts.option(service) + " " + Texts.option(first) + " -b -w 1");
        }
        Server full = Arrays.stream(servers)
                .filter(server -> server.weight() > 0)
                .findFirst()
                .orElse(first);
        return Findings.dropped(
                DropReason.NO_DESTINATION,
                "every server of " + who + " has weight 0 or has reached its connection threshold, "
                        + Texts.server(full) + " at " + full.upperThreshold(),
                "add servers, or raise it: ipvsadm -e " + Texts.option(service) + " " + Texts.option(full) + " -b -w "
                        + full.weight() + " -x N");
    }

    private static String state(WorkerTables worker, Server server) {
        ServerCounters counters = worker.counters();
        long connections = counters.active(server.id()) + (long) counters.inactive(server.id());
        return "weight " + server.weight() + ", " + Texts.count(connections, "connection")
                + (server.upperThreshold() == 0 ? "" : ", threshold " + server.upperThreshold());
    }

    private String whyNot(WorkerTables worker, Server server) {
        if (server.weight() == 0) {
            return "weight 0 takes no new connections";
        }
        int share = server.upperThreshold(worker.index(), workers);
        return "the threshold is reached" + (workers == 1 ? "" : " (" + worker.name() + " has " + share + " of it)");
    }
}

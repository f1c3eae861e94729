package jdpvs.daemon.plane;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.control.Views;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.WorkerUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when connections are refused because no local address has a free port towards a server, how it goes on and when it is over; and,
 * before that, when nine tenths of the ports are in use.
 */
final class PortAlarms {
    private static final Logger LOG = LoggerFactory.getLogger("IPVS");

    private static final int AGAIN_SECONDS = 60;
    private static final int QUIET_SECONDS = 10;
    private static final int WARN_PERCENT = 90;
    private static final int CALM_PERCENT = 80;
    /** A look at all connections takes a while when there are millions. */
    private static final int LOOK_SECONDS = 10;

    private static final int LOCALS_NAMED = 4;

    private record Pair(int service, int server) {}

    /** What was refused for one service and server, since the shortage began. */
    private static final class Shortage {
        final Map<Integer, Long> seenPerWorker = new HashMap<>();
        long beganMillis;
        int worker;
        long refused;
        long unsaid;
        long saidMillis;
        long latestMillis;
        boolean active;
    }

    private final List<WorkerUnit> units;
    private final Map<Pair, Shortage> shortages = new HashMap<>();
    private final Set<String> warned = new HashSet<>();
    private long lookMillis;

    PortAlarms(List<WorkerUnit> units) {
        this.units = units;
    }

    /** To be called about once a second. */
    void everySecond(Snapshot now, long nowMillis) {
        collect(nowMillis);
        shortages.forEach((pair, shortage) -> tell(now.services(), pair, shortage, nowMillis));
        if (nowMillis - lookMillis >= LOOK_SECONDS * 1000L) {
            lookMillis = nowMillis;
            warnEarly(now);
        }
    }

    private void collect(long nowMillis) {
        Map<Pair, Shortage> present = new HashMap<>();
        for (int i = 0; i < units.size(); i++) {
            int worker = i;
            units.get(i).balancer().connections().portShortages().forEach((service, server, refusals) -> {
                Pair pair = new Pair(service, server);
                Shortage known = shortages.get(pair);
                Shortage shortage = present.computeIfAbsent(pair, p -> known == null ? new Shortage() : known);
                long seen = shortage.seenPerWorker.getOrDefault(worker, 0L);
                // A smaller count is a new one: the place had another owner in between.
                long fresh = refusals < seen ? refusals : refusals - seen;
                shortage.seenPerWorker.put(worker, refusals);
                if (fresh > 0) {
                    shortage.worker = worker;
                    shortage.refused += fresh;
                    shortage.unsaid += fresh;
                    shortage.latestMillis = nowMillis;
                }
            });
        }
        // A pair that lost its place on every worker was silent for long; when it is over has been said.
        shortages.entrySet().removeIf(entry -> !present.containsKey(entry.getKey()) && !entry.getValue().active);
        shortages.putAll(present);
    }

    private static void tell(ServiceConfiguration services, Pair pair, Shortage shortage, long nowMillis) {
        boolean due = !shortage.active || nowMillis - shortage.saidMillis >= AGAIN_SECONDS * 1000L;
        if (shortage.unsaid > 0 && due) {
            LOG.warn(
                    "dp_vs_laddr_bind: [{}] no lip/lport available !! service {}, local addresses {}, server {}:"
                            + " {} connections refused; add local addresses (ipvsadm --add-laddr)",
                    String.format(Locale.ROOT, "%02d", shortage.worker + 1),
                    service(services, pair.service),
                    locals(services, pair.service),
                    server(services, pair.server),
                    shortage.unsaid);
            if (!shortage.active) {
                shortage.beganMillis = nowMillis;
            }
            shortage.active = true;
            shortage.unsaid = 0;
            shortage.saidMillis = nowMillis;
        } else if (shortage.active && nowMillis - shortage.latestMillis >= QUIET_SECONDS * 1000L) {
            LOG.warn(
                    "dp_vs_laddr_bind: local ports are available again for service {}, local addresses {}, server {}:"
                            + " {} connections were refused in {} s",
                    service(services, pair.service),
                    locals(services, pair.service),
                    server(services, pair.server),
                    shortage.refused,
                    (shortage.latestMillis - shortage.beganMillis) / 1000 + 1);
            shortage.active = false;
            shortage.refused = 0;
            shortage.unsaid = 0;
        }
    }

    private void warnEarly(Snapshot now) {
        Set<String> full = new HashSet<>();
        for (Views.PortUse row : PortUseViews.above(units, now, WARN_PERCENT)) {
            String name = name(row);
            full.add(name);
            if (warned.add(name)) {
                LOG.warn(
                        "local ports of {} are {} % in use ({} of {}); add local addresses (ipvsadm --add-laddr)",
                        name,
                        row.used() * 100 / Math.max(1, row.used() + row.free()),
                        row.used(),
                        row.used() + row.free());
            }
        }
        if (!warned.isEmpty() && !full.containsAll(warned)) {
            Set<String> still = new HashSet<>();
            PortUseViews.above(units, now, CALM_PERCENT).forEach(row -> still.add(name(row)));
            warned.retainAll(still);
        }
    }

    private static String name(Views.PortUse row) {
        return row.local() + " towards " + row.protocol() + " server "
                + row.server().address() + ":" + row.server().port();
    }

    private static String service(ServiceConfiguration services, int id) {
        Service service = services.service(id);
        return service == null ? "(removed)" : service.toString();
    }

    private static String server(ServiceConfiguration services, int id) {
        Server server = services.server(id);
        return server == null ? "(removed)" : server.toString();
    }

    private static String locals(ServiceConfiguration services, int id) {
        Service service = services.service(id);
        LocalAddress[] all = service == null ? new LocalAddress[0] : service.localAddresses();
        StringJoiner names = new StringJoiner(" ");
        for (int i = 0; i < Math.min(LOCALS_NAMED, all.length); i++) {
            names.add(all[i].address().toString());
        }
        if (all.length > LOCALS_NAMED) {
            names.add("and " + (all.length - LOCALS_NAMED) + " more");
        }
        return names.toString();
    }
}

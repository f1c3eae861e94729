package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import jdpvs.balancer.connection.LocalPorts;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.wire.Address;

/** How much of the ports that each local address has towards each server is in use, over all workers. */
final class PortUseViews {
    private record Pair(Address local, Address server, int port, boolean udp) {}

    private static final class Use {
        final long[] perWorker;
        long missed;

        Use(int workers) {
            perWorker = new long[workers];
        }
    }

    private final List<WorkerUnit> units;
    private final Map<Pair, Use> uses = new HashMap<>();

    private PortUseViews(List<WorkerUnit> units) {
        this.units = units;
    }

    /**
     * The fullest first, then those where ports were missing most often.
     *
     * @param limit the most rows
     */
    static List<Views.PortUse> fullest(List<WorkerUnit> units, Snapshot now, int limit) {
        PortUseViews views = new PortUseViews(units);
        views.read(localAddresses(now.services()), id -> true);
        List<Views.PortUse> rows = new ArrayList<>(views.uses.size());
        views.uses.forEach((pair, use) -> {
            Views.PortUse row = views.row(pair, use, now.network().isDraining(pair.local.high(), pair.local.low()));
            if (row.used() > 0 || row.missed() > 0) {
                rows.add(row);
            }
        });
        rows.sort(Comparator.comparingLong(Views.PortUse::used)
                .thenComparingLong(Views.PortUse::missed)
                .reversed()
                .thenComparing(row -> row.local() + " " + row.protocol() + " " + row.server()));
        return rows.size() > limit ? List.copyOf(rows.subList(0, limit)) : rows;
    }

    /** Pairs of which some worker has more than {@code percent} of its ports in use. */
    static List<Views.PortUse> above(List<WorkerUnit> units, Snapshot now, int percent) {
        // Where a local address has fewer connections than that in all, none of its pairs can have more.
        Map<Integer, Address> addresses = localAddresses(now.services());
        addresses
                .keySet()
                .removeIf(id -> units.stream()
                        .noneMatch(unit -> isAbove(unit, percent, ports(unit).used(id))));
        if (addresses.isEmpty()) {
            return List.of();
        }
        PortUseViews views = new PortUseViews(units);
        views.read(addresses, addresses::containsKey);
        List<Views.PortUse> rows = new ArrayList<>();
        views.uses.forEach((pair, use) -> {
            for (int i = 0; i < units.size(); i++) {
                if (isAbove(units.get(i), percent, use.perWorker[i])) {
                    rows.add(views.row(pair, use, now.network().isDraining(pair.local.high(), pair.local.low())));
                    return;
                }
            }
        });
        return rows;
    }

    private static boolean isAbove(WorkerUnit unit, int percent, long used) {
        return used * 100 > (long) ports(unit).count() * percent;
    }

    private static Map<Integer, Address> localAddresses(ServiceConfiguration services) {
        Map<Integer, Address> addresses = new HashMap<>();
        for (Service service : services.services()) {
            for (LocalAddress local : service.localAddresses()) {
                addresses.put(local.id(), local.address());
            }
        }
        return addresses;
    }

    private void read(Map<Integer, Address> addresses, IntPredicate wanted) {
        for (int i = 0; i < units.size(); i++) {
            int worker = i;
            units.get(i).balancer().connections().forEachServerSide((id, localHigh, localLow, high, low, port, udp) -> {
                if (wanted.test(id)) {
                    Address local = new Address(localHigh, localLow);
                    use(new Pair(local, new Address(high, low), port, udp)).perWorker[worker]++;
                }
            });
            ports(units.get(i)).forEachPair((id, server, port, udp, missed) -> {
                Address local = addresses.get(id);
                if (local != null) {
                    use(new Pair(local, server, port, udp)).missed += missed;
                }
            });
        }
    }

    private Use use(Pair pair) {
        return uses.computeIfAbsent(pair, p -> new Use(units.size()));
    }

    private Views.PortUse row(Pair pair, Use use, boolean draining) {
        long used = 0;
        long all = 0;
        for (int i = 0; i < units.size(); i++) {
            used += use.perWorker[i];
            all += ports(units.get(i)).count();
        }
        return new Views.PortUse(
                IpAddress.of(pair.local),
                pair.udp ? "udp" : "tcp",
                ServiceRecords.endpoint(pair.server, pair.port),
                used,
                Math.max(0, all - used),
                use.missed,
                draining);
    }

    private static LocalPorts ports(WorkerUnit unit) {
        return unit.balancer().connections().localPorts();
    }
}

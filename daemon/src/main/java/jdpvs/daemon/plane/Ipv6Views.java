package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.List;
import jdpvs.control.Views;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.stack.Ipv6Counter;

/** What {@code dpip ipv6 show} lists: every worker's counters of IPv6, each read once, so that a total is the sum of what stands beside it. */
final class Ipv6Views {
    private Ipv6Views() {}

    static List<Views.Ipv6Counter> counters(List<WorkerUnit> units) {
        List<Views.Ipv6Counter> counters = new ArrayList<>();
        for (Ipv6Counter counter : Ipv6Counter.values()) {
            List<Long> perWorker = units.stream()
                    .map(unit -> unit.worker().context().ipv6.get(counter))
                    .toList();
            long total = perWorker.stream().mapToLong(Long::longValue).sum();
            counters.add(new Views.Ipv6Counter(counter.label(), counter.sentence(), total, perWorker));
        }
        return counters;
    }
}

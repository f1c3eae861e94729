package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jdpvs.control.Views;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;

/** Drops by reason, as {@code dpvsctl drops} lists them. */
final class DropViews {
    private DropViews() {}

    /** @param workers in worker order */
    static List<Views.Drop> drops(List<DropCounters> workers) {
        List<Views.Drop> drops = new ArrayList<>();
        for (DropReason reason : DropReason.values()) {
            List<Long> perWorker =
                    workers.stream().map(worker -> worker.get(reason)).toList();
            long total = perWorker.stream().mapToLong(Long::longValue).sum();
            drops.add(new Views.Drop(name(reason), reason.sentence(), total, perWorker));
        }
        return drops;
    }

    private static String name(DropReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

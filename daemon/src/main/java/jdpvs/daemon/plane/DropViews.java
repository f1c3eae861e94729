package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import jdpvs.control.Views;
import jdpvs.daemon.worker.Worker;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.port.DropReason;
import jdpvs.port.PortCounters;

/**
 * Drops by reason, as {@code dpvsctl drops} lists them: what workers dropped, then what was lost on their queues before a worker saw it and after
 * it was sent, so that the list accounts for every frame.
 */
final class DropViews {
    private DropViews() {}

    /** @param units in worker order */
    static List<Views.Drop> drops(List<WorkerUnit> units) {
        List<Worker> workers = units.stream().map(WorkerUnit::worker).toList();
        List<Views.Drop> drops = new ArrayList<>();
        for (DropReason reason : DropReason.values()) {
            drops.add(drop(
                    reason.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    reason.sentence(),
                    workers,
                    worker -> worker.context().drops.get(reason)));
        }
        List<PortCounters> queues = workers.stream().map(Worker::queueCounters).toList();
        drops.add(drop(
                "receive-missed",
                "lost before the worker: its receive queue was full; raise descriptor_number of the device or add workers",
                queues,
                PortCounters::receiveMissed));
        drops.add(drop(
                "receive-error",
                "arrived damaged or cut off at the receive queue",
                queues,
                PortCounters::receiveErrors));
        drops.add(drop(
                "unused-slave",
                "came in by a slave that its bond does not use: the backup of mode 1, or one without LACP's agreement",
                queues,
                PortCounters::receiveUnused));
        drops.add(drop(
                "transmit-refused",
                "the device refused it: longer than its MTU, its queue full, or the device gone",
                queues,
                PortCounters::transmitErrors));
        return drops;
    }

    private static <T> Views.Drop drop(String name, String sentence, List<T> workers, ToLongFunction<T> count) {
        List<Long> perWorker = workers.stream().map(count::applyAsLong).toList();
        long total = perWorker.stream().mapToLong(Long::longValue).sum();
        return new Views.Drop(name, sentence, total, perWorker);
    }
}

package jdpvs.daemon.plane;

import java.util.List;
import jdpvs.control.Views;
import jdpvs.daemon.worker.Worker;
import jdpvs.daemon.worker.WorkerUnit;

/** How busy each worker is: the fraction of the time between the last two samples that it spent on frames. */
final class WorkerViews {
    private final List<WorkerUnit> units;
    private final long[] busyNanos;
    private final double[] fractions;
    private long sampledNanos = System.nanoTime();

    WorkerViews(List<WorkerUnit> units) {
        this.units = units;
        this.busyNanos = new long[units.size()];
        this.fractions = new double[units.size()];
    }

    /** To be called about once a second. */
    synchronized void sample() {
        long now = System.nanoTime();
        long elapsed = now - sampledNanos;
        if (elapsed <= 0) {
            return;
        }
        sampledNanos = now;
        for (int i = 0; i < units.size(); i++) {
            long busy = units.get(i).worker().meter().busyNanos();
            fractions[i] = Math.clamp((double) (busy - busyNanos[i]) / elapsed, 0.0, 1.0);
            busyNanos[i] = busy;
        }
    }

    synchronized List<Views.Worker> workers() {
        return units.stream().map(this::worker).toList();
    }

    /** What is not proven to be real, over all workers. */
    Views.Pressure pressure() {
        long halfOpen = 0;
        long limit = 0;
        long evicted = 0;
        long neighbours = 0;
        boolean flood = false;
        for (WorkerUnit unit : units) {
            halfOpen += unit.balancer().connections().halfOpen();
            limit += unit.balancer().connections().halfOpenLimit();
            evicted += unit.balancer().halfOpenEvicted();
            flood |= unit.balancer().isSynFlood();
            neighbours += unit.stack().neighboursEvicted();
        }
        return new Views.Pressure(halfOpen, limit, evicted, neighbours, flood);
    }

    private Views.Worker worker(WorkerUnit unit) {
        Worker worker = unit.worker();
        return new Views.Worker(
                worker.name(),
                worker.cpu(),
                worker.isPinned(),
                worker.meter().cycles(),
                worker.meter().busyCycles(),
                worker.meter().packets(),
                fractions[worker.context().index],
                unit.balancer().connections().size());
    }
}

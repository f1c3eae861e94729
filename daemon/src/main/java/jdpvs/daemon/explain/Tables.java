package jdpvs.daemon.explain;

import java.util.List;
import java.util.function.IntPredicate;
import jdpvs.balancer.forward.WorkerBalancer;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.linux.BootClock;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.WorkerStack;

/**
 * The live tables: the configuration of one moment, and the workers' own.
 *
 * @param workers in worker order, at least one
 * @param steering the worker, from 0, that gets a client's packet
 * @param portMask low bits of a local port that name its worker
 * @param linkUp whether frames may leave by a device
 * @param nowMillis CLOCK_BOOTTIME
 */
public record Tables(
        Snapshot snapshot,
        List<WorkerTables> workers,
        Steering steering,
        int portMask,
        IntPredicate linkUp,
        long nowMillis) {

    /** How a device divides packets among workers. */
    @FunctionalInterface
    public interface Steering {
        /** @param transport address of the ports, behind the IPv4 header at {@code ip} */
        int worker(int device, long ip, long transport);
    }

    public static Tables of(Snapshot snapshot, List<WorkerUnit> units, IntPredicate linkUp) {
        List<WorkerTables> workers = units.stream()
                .map(unit -> worker(unit.worker().name(), unit.worker().context().index, unit.balancer(), unit.stack()))
                .toList();
        int mask = units.getFirst().worker().context().portMask();
        return new Tables(
                snapshot,
                workers,
                units.getFirst().worker().context()::workerOfFlow,
                mask,
                linkUp,
                new BootClock().millis());
    }

    static WorkerTables worker(String name, int index, WorkerBalancer balancer, WorkerStack stack) {
        return new WorkerTables(
                name,
                index,
                balancer.connections(),
                balancer.counters(),
                balancer.schedulers(),
                balancer::schedulers,
                stack);
    }

    /** The same with the schedulers where they really are, after a judgement moved the copies on. */
    Tables fresh() {
        return new Tables(
                snapshot, workers.stream().map(WorkerTables::fresh).toList(), steering, portMask, linkUp, nowMillis);
    }

    NetworkConfiguration network() {
        return snapshot.network();
    }

    ServiceConfiguration services() {
        return snapshot.services();
    }
}

package jdpvs.daemon.explain;

import java.util.function.Supplier;
import jdpvs.balancer.connection.Connections;
import jdpvs.balancer.service.SchedulerState;
import jdpvs.balancer.service.ServerCounters;
import jdpvs.stack.WorkerStack;

/**
 * What one worker alone knows. Everything is read while the worker goes on.
 *
 * @param index from 0
 * @param schedulers a copy, so that asking what comes next changes nothing
 * @param freshSchedulers makes another copy
 */
record WorkerTables(
        String name,
        int index,
        Connections connections,
        ServerCounters counters,
        SchedulerState schedulers,
        Supplier<SchedulerState> freshSchedulers,
        WorkerStack stack) {
    /** The same with the schedulers where they really are. */
    WorkerTables fresh() {
        return new WorkerTables(name, index, connections, counters, freshSchedulers.get(), freshSchedulers, stack);
    }
}

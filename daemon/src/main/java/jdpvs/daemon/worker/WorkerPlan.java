package jdpvs.daemon.worker;

import java.util.List;

/**
 * One worker as the configuration wants it.
 *
 * @param cpu to be pinned to, or -1 to run anywhere
 */
public record WorkerPlan(String name, int cpu, List<Binding> bindings) {
    public WorkerPlan {
        bindings = List.copyOf(bindings);
    }

    /** The queue of a device that a worker receives from and sends by. */
    public record Binding(int device, int queue) {}
}

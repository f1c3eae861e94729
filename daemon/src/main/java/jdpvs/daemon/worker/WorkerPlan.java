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

    /**
     * Queues of one device that a worker serves.
     *
     * @param receiveQueues indexes of queues to receive from
     * @param transmitQueue index of the queue to send by, or -1 for none
     */
    public record Binding(int device, List<Integer> receiveQueues, int transmitQueue) {
        public Binding {
            receiveQueues = List.copyOf(receiveQueues);
        }
    }
}

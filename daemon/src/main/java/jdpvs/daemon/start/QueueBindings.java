package jdpvs.daemon.start;

import java.util.ArrayList;
import java.util.List;
import jdpvs.control.Views;
import jdpvs.daemon.worker.WorkerPlan;

/** Which worker serves which queue, as {@code dpip link show -v} prints it. */
final class QueueBindings {
    private QueueBindings() {}

    static List<Views.QueueBinding> of(DaemonPlan plan, int device) {
        List<Views.QueueBinding> bindings = new ArrayList<>();
        for (int queue = 0; queue < plan.devices().get(device).queues(); queue++) {
            String receiver = "xx";
            String sender = "xx";
            for (WorkerPlan worker : plan.workers()) {
                for (WorkerPlan.Binding binding : worker.bindings()) {
                    if (binding.device() != device) {
                        continue;
                    }
                    receiver = binding.receiveQueues().contains(queue) ? worker.name() : receiver;
                    sender = binding.transmitQueue() == queue ? worker.name() : sender;
                }
            }
            bindings.add(new Views.QueueBinding("rx" + queue + "-tx" + queue, receiver + "-" + sender));
        }
        return bindings;
    }
}

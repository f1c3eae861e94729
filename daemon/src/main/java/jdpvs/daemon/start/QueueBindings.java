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
        for (WorkerPlan worker : plan.workers()) {
            for (WorkerPlan.Binding binding : worker.bindings()) {
                if (binding.device() == device) {
                    String queue = "rx" + binding.queue() + "-tx" + binding.queue();
                    bindings.add(new Views.QueueBinding(queue, worker.name() + "-" + worker.name()));
                }
            }
        }
        return bindings;
    }
}

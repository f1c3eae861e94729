package jdpvs.daemon.start;

import java.util.ArrayList;
import java.util.List;
import jdpvs.control.Views;
import jdpvs.daemon.worker.WorkerPlan;

/**
 * A device's queues as {@code dpip link show} counts them and with {@code -v} lists them. The queues of the kernel's worker are among them, though it has none of its own:
 * DPVS counts them.
 *
 * @param rows which worker serves which queue, {@code xx} = none
 */
record QueueBindings(int receiveQueues, int transmitQueues, List<Views.QueueBinding> rows) {
    private static final String NONE = "xx";

    QueueBindings {
        rows = List.copyOf(rows);
    }

    /** Of a device that workers serve; a bond's slaves have what the bond has, served by nobody. */
    static QueueBindings of(DaemonPlan plan, int device) {
        int bond = plan.bondOf(device);
        if (bond >= 0) {
            QueueBindings whole = of(plan, bond);
            return new QueueBindings(whole.receiveQueues, whole.transmitQueues, List.of());
        }
        List<Views.QueueBinding> rows = new ArrayList<>();
        for (WorkerPlan worker : plan.workers()) {
            for (WorkerPlan.Binding binding : worker.bindings()) {
                if (binding.device() == device) {
                    rows.add(row("rx" + binding.queue(), worker.name(), "tx" + binding.queue(), worker.name()));
                }
            }
        }
        int workers = rows.size();
        int receive = workers;
        int transmit = workers;
        DaemonPlan.KernelWorker kernel = plan.kernelWorker();
        if (kernel != null) {
            DaemonPlan.KernelQueues queues = kernel.queues(device);
            for (int i = 0; i < Math.max(queues.receive(), queues.transmit()); i++) {
                boolean receives = i < queues.receive();
                boolean transmits = i < queues.transmit();
                rows.add(row(
                        receives ? "rx" + receive++ : NONE,
                        receives ? kernel.name() : NONE,
                        transmits ? "tx" + transmit++ : NONE,
                        transmits ? kernel.name() : NONE));
            }
        }
        return new QueueBindings(receive, transmit, rows);
    }

    private static Views.QueueBinding row(String receive, String receiver, String transmit, String transmitter) {
        return new Views.QueueBinding(receive + "-" + transmit, receiver + "-" + transmitter);
    }
}

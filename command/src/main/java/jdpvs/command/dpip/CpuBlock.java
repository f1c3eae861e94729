package jdpvs.command.dpip;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jdpvs.command.Columns;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** {@code dpip link show cpu}: the workers, their queues and how busy they are. */
final class CpuBlock {
    private CpuBlock() {}

    /**
     * @param cpu -1 = all
     * @param before null = totals, else rates against it
     * @return what was shown
     */
    static Views.Status print(Console console, DpipLine line, int cpu, Views.@Nullable Status before, int seconds)
            throws CommandFailure, IOException {
        Views.Status status = console.control().status();
        List<Views.Link> links = console.control().links();
        List<Integer> control = new ArrayList<>();
        List<Integer> data = new ArrayList<>();
        for (int i = 0; i < status.workers().size(); i++) {
            Views.Worker worker = status.workers().get(i);
            if (cpu < 0 || worker.cpu() == cpu) {
                (queues(worker, links).isEmpty() ? control : data).add(i);
            }
        }
        if (cpu >= 0 && control.isEmpty() && data.isEmpty()) {
            throw new CommandFailure(1, "Fail to get information for cpu" + cpu);
        }
        StringBuilder text = new StringBuilder(512);
        section(text, "<< Controll Plane >>", control, status, links, line, before, seconds, console);
        section(text, "<< Data Plane >>", data, status, links, line, before, seconds, console);
        return status;
    }

    private static void section(
            StringBuilder text,
            String heading,
            List<Integer> workers,
            Views.Status status,
            List<Views.Link> links,
            DpipLine line,
            Views.@Nullable Status before,
            int seconds,
            Console console) {
        if (workers.isEmpty()) {
            return;
        }
        text.setLength(0);
        text.append(heading).append('\n');
        console.out().append(text);
        for (int index : workers) {
            Views.Worker worker = status.workers().get(index);
            text.setLength(0);
            text.append(worker.cpu() + 1).append(": cpu").append(worker.cpu()).append(": socket 0\n    queues ");
            List<String> queues = queues(worker, links);
            for (String queue : queues) {
                Columns.left(text, queue, 16);
            }
            console.out().append(text.append(queues.isEmpty() ? "none\n" : "\n"));
            if (line.statistics()) {
                Views.Worker old = before == null || index >= before.workers().size()
                        ? null
                        : before.workers().get(index);
                statistics(worker, old, seconds, console);
            }
        }
    }

    private static void statistics(Views.Worker now, Views.@Nullable Worker old, int seconds, Console console) {
        boolean rate = old != null;
        int width = rate ? 16 : 20;
        long cycles = rate(now.cycles(), old == null ? 0 : old.cycles(), rate, seconds);
        long busy = rate(now.busyCycles(), old == null ? 0 : old.busyCycles(), rate, seconds);
        long packets = rate(now.packets(), old == null ? 0 : old.packets(), rate, seconds);
        Rows.print(
                console.out(),
                width,
                rate
                        ? "lcore_loop/lps pktburst/nps zpktburst/nps fpktburst/nps"
                        : "lcore_loop pktburst zpktburst fpktburst",
                cycles,
                busy,
                cycles - busy,
                0);
        Rows.print(
                console.out(),
                width,
                rate ? "z2hpktburst/nps h2fpktburst/nps dropped/pps" : "z2hpktburst h2fpktburst dropped",
                0,
                0,
                0);
        Rows.print(
                console.out(),
                width,
                rate ? "ipackets/pps ibytes/Bps opackets/pps obytes/Bps" : "ipackets ibytes opackets obytes",
                packets,
                0,
                0,
                0);
    }

    private static long rate(long now, long before, boolean rate, int seconds) {
        return rate ? (now - before) / seconds : now;
    }

    /** {@code dpdk0:rx0}, {@code dpdk0:tx0}, … that this worker serves; a binding reads {@code rx0-tx0 → cpu1-cpu1}. */
    private static List<String> queues(Views.Worker worker, List<Views.Link> links) {
        List<String> found = new ArrayList<>();
        for (Views.Link link : links) {
            for (Views.QueueBinding binding : link.queues()) {
                String[] queues = binding.queue().split("-", -1);
                String[] workers = binding.worker().split("-", -1);
                for (int i = 0; i < Math.min(queues.length, workers.length); i++) {
                    if (workers[i].equals(worker.name())) {
                        found.add(link.name() + ":" + queues[i]);
                    }
                }
            }
        }
        return found;
    }
}

package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import jdpvs.command.Console;
import jdpvs.control.ControlJson;
import jdpvs.control.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dpvsctl status}. */
@Command(
        name = "status",
        description = "Version, uptime, workers, connections, memory.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Views.Status status = console.control().status();
        if (json) {
            console.out().print(ControlJson.pretty(status) + "\n");
            return 0;
        }
        StringBuilder text = new StringBuilder(1024);
        line(text, "version", "jdpvs " + status.version());
        line(text, "instance", status.instance());
        line(text, "process", Long.toString(status.pid()));
        line(text, "uptime", uptime(status.uptimeSeconds()));
        line(text, "configuration", status.configurationFile());
        line(text, "socket", status.socket());
        line(
                text,
                "connections",
                status.connections() + " of " + status.connectionCapacity() + " ("
                        + percent(status.connections(), status.connectionCapacity()) + ")");
        Views.Pressure pressure = status.pressure();
        line(
                text,
                "half-open",
                pressure.halfOpen() + " of " + pressure.halfOpenLimit() + ", " + pressure.halfOpenEvicted()
                        + " evicted"
                        + (pressure.synFlood() ? "; SYN flood: only repeated SYNs are taken" : ""));
        line(text, "neighbours", pressure.neighboursEvicted() + " unresolved evicted");
        line(text, "memory", bytes(status.memoryBytes()));
        for (String notice : status.notices()) {
            line(text, "notice", notice);
        }
        text.append('\n');
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("worker", "cpu", "busy", "packets", "connections", "cycles"));
        for (Views.Worker worker : status.workers()) {
            rows.add(List.of(
                    worker.name(),
                    worker.pinned() ? Integer.toString(worker.cpu()) : "-",
                    String.format(Locale.ROOT, "%.1f%%", worker.busyFraction() * 100),
                    Long.toString(worker.packets()),
                    Long.toString(worker.connections()),
                    Long.toString(worker.cycles())));
        }
        Table.append(text, rows, 1);
        kernelInterfaces(text, status.kernelInterfaces());
        console.out().append(text);
        return 0;
    }

    private static void kernelInterfaces(StringBuilder text, List<Views.KernelInterface> interfaces) {
        if (interfaces.isEmpty()) {
            return;
        }
        text.append('\n');
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("interface", "device", "to kernel", "from kernel", "down", "limit", "refused", "missed"));
        for (Views.KernelInterface one : interfaces) {
            rows.add(List.of(
                    one.name() + (one.present() ? "" : " (gone)"),
                    one.device(),
                    Long.toString(one.toKernel()),
                    Long.toString(one.fromKernel()),
                    Long.toString(one.droppedDown()),
                    Long.toString(one.droppedLimit()),
                    Long.toString(one.droppedRefused()),
                    Long.toString(one.droppedMissed())));
        }
        Table.append(text, rows, 2);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(" ".repeat(16 - name.length())).append(value).append('\n');
    }

    private static String percent(long part, long whole) {
        return whole <= 0 ? "-" : String.format(Locale.ROOT, "%.1f%%", 100.0 * part / whole);
    }

    /** {@code 3d 04:05:06}. */
    static String uptime(long seconds) {
        long days = seconds / 86400;
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%02d",
                days == 0 ? "" : days + "d ",
                seconds / 3600 % 24,
                seconds / 60 % 60,
                seconds % 60);
    }

    static String bytes(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%d KiB", bytes >> 10)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}

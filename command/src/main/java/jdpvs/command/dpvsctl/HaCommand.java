package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import jdpvs.command.Console;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dpvsctl ha}: who is master, since when, and why. */
@Command(
        name = "ha",
        description = "VRRP instances of keepalived: state, priority, master, addresses, last transitions.",
        mixinStandardHelpOptions = true)
final class HaCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print JSON: the report as GET /v1/keepalived has it.")
    private boolean json;

    HaCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        return KeepalivedText.show(console, json, KeepalivedReport.Part.VRRP, HaCommand::write);
    }

    private static void write(StringBuilder text, KeepalivedReport report) {
        if (report.instances().isEmpty()) {
            text.append("no VRRP instances\n");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "instance",
                "state",
                "since",
                "interface",
                "vrid",
                "family",
                "priority",
                "master",
                "sent",
                "received",
                "refused"));
        for (KeepalivedReport.Instance one : report.instances()) {
            rows.add(List.of(
                    one.name(),
                    one.state(),
                    KeepalivedText.time(one.sinceMillis()),
                    one.networkInterface(),
                    Integer.toString(one.virtualRouterId()),
                    one.ipv6() ? "IPv6" : "IPv4",
                    one.priority() == one.basePriority()
                            ? Integer.toString(one.priority())
                            : one.priority() + " of " + one.basePriority(),
                    master(one),
                    Long.toString(one.sent()),
                    Long.toString(one.received()),
                    Long.toString(one.refused())));
        }
        Table.append(text, rows, 4);
        report.instances().forEach(one -> details(text, one));
    }

    private static String master(KeepalivedReport.Instance one) {
        IpAddress master = one.master();
        return one.state().equals("MASTER") ? "this host" : master == null ? "-" : master.toString();
    }

    private static void details(StringBuilder text, KeepalivedReport.Instance one) {
        text.append('\n')
                .append(one.name())
                .append(": ")
                .append(one.state())
                .append(", ")
                .append(one.reason());
        text.append("\n  VRRP version ").append(one.version());
        if (one.group() != null) {
            text.append(", sync group ").append(one.group());
        }
        text.append("\n  addresses on ")
                .append(Objects.requireNonNullElse(one.device(), "no device of dpvs"))
                .append(": ")
                .append(one.addresses().isEmpty() ? "none" : String.join(", ", one.addresses()))
                .append('\n');
        for (KeepalivedReport.Transition transition : one.transitions()) {
            text.append("  ")
                    .append(KeepalivedText.exactTime(transition.atMillis()))
                    .append("  ")
                    .append(transition.from())
                    .append(" -> ")
                    .append(transition.to())
                    .append(": ")
                    .append(transition.reason())
                    .append('\n');
        }
    }
}

package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import jdpvs.command.Console;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dpvsctl health}: which servers are alive, and why others are not. */
@Command(
        name = "health",
        description = "Services of keepalived: quorum, servers, each check with its last error.",
        mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print JSON: the report as GET /v1/keepalived has it.")
    private boolean json;

    HealthCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        return KeepalivedText.show(console, json, KeepalivedReport.Part.CHECKS, HealthCommand::write);
    }

    private static void write(StringBuilder text, KeepalivedReport report) {
        if (report.virtualServers().isEmpty()) {
            text.append("no virtual servers\n");
            return;
        }
        String gap = "";
        for (KeepalivedReport.VirtualServer one : report.virtualServers()) {
            text.append(gap);
            write(text, one);
            gap = "\n";
        }
    }

    private static void write(StringBuilder text, KeepalivedReport.VirtualServer one) {
        text.append(one.name()).append(": ").append(one.up() ? "up" : "DOWN");
        text.append(" since ").append(KeepalivedText.time(one.sinceMillis()));
        text.append(", weight ").append(one.weight()).append(", quorum ").append(one.quorum());
        text.append(one.sorry() ? ", the sorry server serves\n" : "\n");
        text.append("  services: ")
                .append(one.services().stream().map(ServiceKey::toString).collect(Collectors.joining(", ")))
                .append("\n");
        if (one.servers().isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  server", "weight", "check", "target", "state", "since", "failed", "last error"));
        for (KeepalivedReport.Server server : one.servers()) {
            String state = server.up() ? "up" : "DOWN";
            String since = KeepalivedText.time(server.sinceMillis());
            String name = "  " + server.endpoint();
            String weight = Integer.toString(server.weight());
            if (server.checks().size() != 1) {
                rows.add(
                        List.of(name, weight, server.checks().isEmpty() ? "none" : "all", "-", state, since, "-", "-"));
            }
            for (KeepalivedReport.Check check : server.checks()) {
                boolean alone = server.checks().size() == 1;
                rows.add(List.of(
                        alone ? name : "",
                        alone ? weight : "",
                        check.keyword(),
                        check.target(),
                        check.checkedMillis() == 0 ? "not yet" : check.up() ? "up" : "DOWN",
                        KeepalivedText.time(check.sinceMillis()),
                        check.failures() + " of " + check.attempts(),
                        check.error().isEmpty()
                                ? "-"
                                : KeepalivedText.time(check.errorMillis()) + " " + check.error()));
            }
        }
        Table.append(text, rows, rows.getFirst().size());
    }
}

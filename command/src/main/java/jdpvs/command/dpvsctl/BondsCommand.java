package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jdpvs.command.Console;
import jdpvs.control.ControlJson;
import jdpvs.control.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dpvsctl bonds}: which slaves carry frames, and why others do not. */
@Command(
        name = "bonds",
        description = "Bonds and their slaves: carrier, who sends and receives, what LACP has come to.",
        mixinStandardHelpOptions = true)
final class BondsCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print JSON: the bonds as GET /v1/links has them.")
    private boolean json;

    BondsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        List<Views.Link> bonds = console.control().links().stream()
                .filter(link -> link.bond() != null)
                .toList();
        if (json) {
            console.out().print(ControlJson.pretty(bonds) + "\n");
            return 0;
        }
        StringBuilder text = new StringBuilder(1024);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("bond", "slave", "carrier", "sends", "receives", "losses", "negotiation"));
        for (Views.Link link : bonds) {
            Views.Bond bond = link.bond();
            if (bond == null) {
                continue;
            }
            text.append(link.name()).append(": mode ").append(bond.mode());
            text.append(link.up() ? ", up at " : ", down, ").append(link.speedMegabits());
            text.append(" Mbps, frames went another way ").append(bond.moves()).append(" times\n");
            for (Views.Slave slave : bond.slaves()) {
                rows.add(List.of(
                        link.name(),
                        slave.name() + (slave.primary() ? " (primary)" : ""),
                        slave.up() ? "up" : "down",
                        slave.active() ? "yes" : "no",
                        slave.receives() ? "yes" : "no",
                        Integer.toString(slave.losses()),
                        slave.negotiation()));
            }
        }
        if (bonds.isEmpty()) {
            console.out().print("no bonds\n");
            return 0;
        }
        Table.append(text.append('\n'), rows, rows.getFirst().size());
        console.out().append(text);
        return 0;
    }
}

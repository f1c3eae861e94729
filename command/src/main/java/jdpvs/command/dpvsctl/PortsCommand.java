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

/** {@code dpvsctl ports}: the question behind intermittent connects of three seconds. */
@Command(
        name = "ports",
        description = "Local ports per local address and server: in use, free, and how often none was free.",
        mixinStandardHelpOptions = true)
final class PortsCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-n", "--limit"},
            defaultValue = "1000",
            description = "The most rows, the fullest first (default ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    PortsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (limit < 1) {
            console.error().print("dpvsctl ports: --limit is " + limit + "; give 1 or more\n");
            return 2;
        }
        List<Views.PortUse> uses = console.control().ports(limit);
        if (json) {
            console.out().print(ControlJson.pretty(uses) + "\n");
            return 0;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("local", "proto", "server", "state", "in use", "free", "used", "missed"));
        for (Views.PortUse use : uses) {
            rows.add(List.of(
                    use.local().toString(),
                    use.protocol(),
                    use.server().address() + ":" + use.server().port(),
                    use.draining() ? "draining" : "active",
                    Long.toString(use.used()),
                    Long.toString(use.free()),
                    String.format(Locale.ROOT, "%.1f%%", 100.0 * use.used() / Math.max(1, use.used() + use.free())),
                    Long.toString(use.missed())));
        }
        StringBuilder text = new StringBuilder(4096);
        Table.append(text, rows, 4);
        console.out().append(text);
        return 0;
    }
}

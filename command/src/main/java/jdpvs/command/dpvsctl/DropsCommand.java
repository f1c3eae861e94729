package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jdpvs.command.Columns;
import jdpvs.command.Console;
import jdpvs.control.ControlJson;
import jdpvs.control.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dpvsctl drops}: no packet disappears without a counted reason. */
@Command(
        name = "drops",
        description = "Every reason why a packet went no further, with a sentence and how often.",
        mixinStandardHelpOptions = true)
final class DropsCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-v", "--verbose"},
            description = "A column for each worker.")
    private boolean perWorker;

    @Option(
            names = {"-z", "--nonzero"},
            description = "Only what happened.")
    private boolean nonzero;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    DropsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        List<Views.Drop> drops = console.control().drops().stream()
                .filter(drop -> !nonzero || drop.total() != 0)
                .toList();
        if (json) {
            console.out().print(ControlJson.pretty(drops) + "\n");
            return 0;
        }
        int workers = drops.stream().mapToInt(d -> d.perWorker().size()).max().orElse(0);
        List<List<String>> rows = new ArrayList<>();
        List<String> titles = new ArrayList<>(List.of("reason", "total"));
        for (int i = 0; perWorker && i < workers; i++) {
            titles.add("worker " + (i + 1));
        }
        rows.add(titles);
        for (Views.Drop drop : drops) {
            List<String> row = new ArrayList<>(List.of(drop.reason(), Long.toString(drop.total())));
            for (int i = 0; perWorker && i < workers; i++) {
                row.add(i < drop.perWorker().size() ? drop.perWorker().get(i).toString() : "-");
            }
            rows.add(row);
        }
        StringBuilder table = new StringBuilder(4096);
        Table.append(table, rows, 1);
        // Sentences vary in length, so they stand last, outside of the columns.
        String[] lines = table.toString().split("\n");
        StringBuilder text = new StringBuilder(8192);
        for (int i = 0; i < rows.size(); i++) {
            Columns.left(text, lines[i], 0)
                    .append("  ")
                    .append(i == 0 ? "meaning" : drops.get(i - 1).sentence())
                    .append('\n');
        }
        console.out().append(text);
        return 0;
    }
}

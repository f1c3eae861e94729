package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import jdpvs.command.Columns;
import jdpvs.command.Console;
import jdpvs.control.ControlException;
import jdpvs.control.ControlJson;
import jdpvs.control.Traces;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dpvsctl explain}: a capture file, packet by packet. The launcher sends the file as standard input. */
@Command(
        name = "explain",
        description = {
            "What dpvs would do with each packet of a capture file (pcap or pcapng), with the tables as they are now, and why.",
            "Exit code: 0 the whole file was read, 1 it is broken, 2 wrong words."
        },
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    private static final int LOOK_AFTER_LINES = 64;

    private final Console console;

    @Parameters(index = "0", paramLabel = "FILE", description = "The capture file; - is standard input.")
    private String file = "";

    @Option(
            names = {"-s", "--summary"},
            description = "Only how many packets had which fate.")
    private boolean summaryOnly;

    @Option(names = "--json", description = "Print JSON, one packet a line.")
    private boolean json;

    private final Map<String, Long> counts = new TreeMap<>();
    private final StringBuilder line = new StringBuilder(256);
    private long packets;

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        int code = 0;
        String defect = "";
        try {
            console.control().explain(console.in(), this::show);
        } catch (ControlException e) {
            code = 1;
            defect = "dpvsctl: " + (file.equals("-") ? "standard input" : file) + ": " + e.getMessage() + "\n";
        }
        if (!json) {
            summary();
        }
        if (code != 0) {
            console.error().print(defect);
        }
        return code;
    }

    private boolean show(Traces.Explained packet) {
        packets++;
        Traces.Verdict verdict = packet.verdict();
        counts.merge(verdict.dropped() ? "dropped: " + verdict.reason() : word(verdict.fate()), 1L, Long::sum);
        if (json) {
            console.out().print(new String(ControlJson.write(packet), StandardCharsets.UTF_8) + "\n");
        } else if (!summaryOnly) {
            line.setLength(0);
            Columns.right(line, packet.number(), 5).append("  ");
            Columns.left(line, packet.summary(), 0).append("  =>  ");
            console.out().append(line.append(verdict).append('\n'));
        }
        return packets % LOOK_AFTER_LINES != 0 || !console.out().checkError();
    }

    private void summary() {
        StringBuilder text = new StringBuilder(1024);
        text.append(summaryOnly || packets == 0 ? "" : "\n");
        text.append(packets).append(packets == 1 ? " packet\n" : " packets\n");
        List<Map.Entry<String, Long>> rows = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        for (Map.Entry<String, Long> row : rows) {
            Columns.right(text, row.getValue(), 8)
                    .append("  ")
                    .append(row.getKey())
                    .append('\n');
        }
        console.out().append(text);
    }

    private static String word(Traces.Fate fate) {
        return switch (fate) {
            case TO_SERVER -> "forwarded to a server";
            case TO_CLIENT -> "returned to a client";
            case ROUTED -> "passed on";
            case ANSWERED -> "answered";
            case LEARNT -> "learnt";
            case WAITS -> "waits for ARP";
            case DROPPED -> "dropped";
        };
    }
}

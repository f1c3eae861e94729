package jdpvs.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** tcpdump on an interface of a host, read with tshark afterwards. */
final class Capture implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path file;
    private final Running tcpdump;

    private Capture(Path file, Running tcpdump) {
        this.file = file;
        this.tcpdump = tcpdump;
    }

    /** @param filter as tcpdump takes it; may be empty */
    static Capture start(Host host, String networkInterface, String filter) {
        Path file = host.directory().resolve("capture-" + NUMBER.incrementAndGet() + ".pcap");
        Running tcpdump = host.start(
                "tcpdump --immediate-mode -U -n -s 256 -i " + networkInterface + " -w " + file + " " + filter);
        tcpdump.awaitPrinted("listening on", Duration.ofSeconds(10));
        return new Capture(file, tcpdump);
    }

    /** Ends the capture and dissects it: per packet that fits the display filter the values of the fields; absent ones are "". */
    List<List<String>> packets(String displayFilter, String... fields) {
        // What was sent just now is still on its way through the kernel.
        Await.pause(Duration.ofMillis(300));
        tcpdump.close();
        var command =
                new ArrayList<>(List.of("tshark", "-n", "-r", file.toString(), "-T", "fields", "-E", "separator=;"));
        if (!displayFilter.isEmpty()) {
            command.addAll(List.of("-Y", displayFilter));
        }
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        String text = Shell.run(PATIENCE, command, Map.of(), "").succeeded();
        return text.lines().map(line -> List.of(line.split(";", -1))).toList();
    }

    @Override
    public void close() {
        tcpdump.close();
    }
}

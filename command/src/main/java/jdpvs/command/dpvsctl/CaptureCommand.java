package jdpvs.command.dpvsctl;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import jdpvs.command.Columns;
import jdpvs.command.Console;
import jdpvs.command.Version;
import jdpvs.control.ControlException;
import jdpvs.control.PacketEvent;
import jdpvs.control.PacketEvent.Kind;
import jdpvs.control.WatchRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dpvsctl capture}: packets as they pass. The file goes out as standard output; the launcher puts it where the user wants it. */
@Command(
        name = "capture",
        description = {
            "Shows packets as dpvs receives, sends and drops them, until interrupted, or writes them to a file (pcapng) for tshark or Wireshark.",
            "The filter is tcpdump's language, and in, out, dropped, reason NAME, fragment: for example 'host 10.0.0.1 and port 80', 'dropped'.",
            "Exit code: 0 it was captured, 1 it could not be, 2 wrong words."
        },
        mixinStandardHelpOptions = true)
final class CaptureCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(ZoneId.systemDefault());

    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DEVICE", description = "Which device, for example dpdk0, or any.")
    private String device = "";

    @Parameters(index = "1..*", paramLabel = "FILTER", description = "Which packets; none = all.")
    private List<String> filter = List.of();

    @Option(
            names = {"-w", "--write"},
            paramLabel = "FILE",
            description = "Write a pcapng file; - is standard output. Without it, a line for each packet.")
    private String file = "";

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "End after so many packets.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = {"-s", "--snaplen"},
            paramLabel = "BYTES",
            description = "Keep so many bytes of each packet at most.")
    private int snapLength = WatchRequest.WHOLE;

    @Option(names = "--seconds", paramLabel = "N", description = "End after so many seconds.")
    private long seconds = Long.MAX_VALUE / 2_000_000_000;

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final StringBuilder line = new StringBuilder(256);
    private final long began = System.nanoTime();
    private @Nullable PcapngWriter writer;
    private @Nullable IOException failure;
    private volatile boolean interrupted;
    private long captured;
    private long notShown;
    private long lastNanos;

    CaptureCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        check(count < 1, "-c is how many packets, 1 or more");
        check(snapLength < 1, "-s is a number of bytes, 1 or more");
        check(seconds < 1, "--seconds is 1 or more");
        Thread input = Thread.ofVirtual().start(this::awaitInterruption);
        WatchRequest request =
                new WatchRequest(device.equals("any") ? null : device, String.join(" ", filter), snapLength, false);
        try {
            console.control().watch(request, this::show);
        } catch (ControlException e) {
            console.error().print("dpvsctl: " + e.code().text() + ": " + e.getMessage() + "\n");
            return 1;
        } finally {
            input.interrupt();
        }
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
        PcapngWriter open = writer;
        if (open != null) {
            open.finish(lastNanos, notShown);
        }
        console.error()
                .print(captured + (captured == 1 ? " packet" : " packets") + " captured: " + count(Kind.RECEIVED)
                        + " in, " + count(Kind.SENT) + " out, " + count(Kind.DROPPED) + " dropped; " + notShown
                        + " not shown\n");
        return 0;
    }

    private void check(boolean wrong, String sentence) {
        if (wrong && spec != null) {
            throw new ParameterException(spec.commandLine(), sentence);
        }
    }

    private long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** The launcher ends our input when the user interrupts it. */
    private void awaitInterruption() {
        try {
            console.in().transferTo(OutputStream.nullOutputStream());
        } catch (IOException | IllegalStateException e) {
            // The client is gone, or the answer was complete first: an end as well.
        } finally {
            interrupted = true;
        }
    }

    private boolean show(PacketEvent event) {
        lastNanos = event.timeNanos();
        notShown = event.notShown();
        try {
            if (writer == null && !file.isEmpty()) {
                writer = new PcapngWriter(
                        new BufferedOutputStream(console.bytes(), 32 << 10),
                        snapLength,
                        "dpvsctl of jdpvs " + Version.own());
            }
            if (event.kind() == Kind.TICK) {
                return !interrupted && flush() && System.nanoTime() - began < seconds * 1_000_000_000;
            }
            captured++;
            counts.merge(event.kind(), 1L, Long::sum);
            PcapngWriter open = writer;
            if (open != null) {
                open.write(event);
            } else {
                print(event);
            }
            return captured < count;
        } catch (IOException e) {
            failure = e;
            return false;
        }
    }

    /** Also tells whether anybody still reads. */
    private boolean flush() throws IOException {
        PcapngWriter open = writer;
        if (open == null) {
            return !console.out().checkError();
        }
        open.flush();
        return true;
    }

    private void print(PacketEvent event) {
        line.setLength(0);
        TIME.formatTo(Instant.ofEpochSecond(0, event.timeNanos()), line);
        Columns.left(line.append(' '), event.device() == null ? "-" : event.device(), 0)
                .append(' ');
        line.append(
                switch (event.kind()) {
                    case RECEIVED -> "in  ";
                    case SENT -> "out ";
                    default -> "drop";
                });
        line.append(' ').append(PacketText.of(event.bytes()));
        if (event.kind() == Kind.DROPPED) {
            line.append("  => ").append(event.name()).append(": ").append(event.sentence());
        }
        console.out().append(line.append('\n'));
    }
}

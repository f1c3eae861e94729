package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The newcomer's first command. */
class DemoTest {
    private static final String DEMO = Shell.HOME.resolve("demo").toString();

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** The lab of this test's demo. */
    private final String lab = "demo" + ProcessHandle.current().pid() + "n" + NUMBER.incrementAndGet();

    private final Map<String, String> environment = Map.of("JDPVS_DEMO_LAB", lab);

    @Test
    void itShowsTheMainJobAndLeavesNothingBehind() {
        Outcome outcome = Shell.run(Duration.ofMinutes(2), List.of(DEMO), environment, "");
        assertThat(outcome.succeeded())
                .contains("$ ipvsadm -A -t 10.0.96.204:80 -s rr")
                .contains("4 packets transmitted, 4 received")
                .contains("This is rs1.", "This is rs2.")
                .contains("toa load --trust 192.168.229.204 --cgroup ", "Your IP and port is 172.16.0.1:")
                .contains("Everything worked");
        assertThat(namespaces()).isEmpty();
    }

    @Test
    void interruptedItCleansUp() {
        Path log = Path.of("target", "demo-interrupted.log").toAbsolutePath();
        // A shell in the background ignores SIGINT unless it is told otherwise, so a terminal's Ctrl-C is played by
        // SIGTERM to it alone.
        try (Running demo = Running.start(log, List.of(DEMO, "main"), environment)) {
            demo.awaitPrinted("dpip addr add", Duration.ofSeconds(60));
            demo.signal("TERM");
            assertThat(demo.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
        }
        assertThat(namespaces()).isEmpty();
    }

    @Test
    void killedItIsCleanedUpAfter() {
        Path log = Path.of("target", "demo-killed.log").toAbsolutePath();
        try (Running demo = Running.start(log, List.of(DEMO), environment)) {
            demo.awaitPrinted("dpip addr add", Duration.ofSeconds(60));
            demo.signal("KILL");
            demo.awaitExit(Duration.ofSeconds(5));
        }
        Await.until(Duration.ofSeconds(15), () -> namespaces().isEmpty(), () -> "the end of " + namespaces());
    }

    @Test
    void anUnknownDemoIsRefused() {
        Outcome outcome = Shell.run(Duration.ofSeconds(10), List.of(DEMO, "nonsense"), Map.of(), "");
        assertThat(outcome.failedWith(2)).contains("There is no demo \"nonsense\".");
    }

    /** Namespaces of this test's demo. */
    private List<String> namespaces() {
        return Shell.run(Duration.ofSeconds(5), List.of("ip", "netns", "list"), Map.of(), "")
                .succeeded()
                .lines()
                .filter(line -> line.startsWith("jdpvs-" + lab))
                .toList();
    }
}

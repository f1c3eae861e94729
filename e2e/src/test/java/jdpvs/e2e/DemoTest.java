package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The newcomer's first command. */
class DemoTest {
    private static final String DEMO = Shell.HOME.resolve("demo").toString();

    @Test
    void itShowsTheMainJobAndLeavesNothingBehind() {
        List<String> before = namespaces();
        Outcome outcome = Shell.run(Duration.ofMinutes(2), List.of(DEMO), Map.of(), "");
        assertThat(outcome.succeeded())
                .contains("$ ipvsadm -A -t 10.0.96.204:80 -s rr")
                .contains("4 packets transmitted, 4 received")
                .contains("This is rs1.", "This is rs2.")
                .contains("Everything worked");
        assertThat(namespaces()).isEqualTo(before);
    }

    @Test
    void interruptedItCleansUp() {
        List<String> before = namespaces();
        Path log = Path.of("target", "demo-interrupted.log").toAbsolutePath();
        // A shell in the background ignores SIGINT unless it is told otherwise, so a terminal's Ctrl-C is played by
        // SIGTERM to it alone.
        try (Running demo = Running.start(log, List.of(DEMO, "main"), Map.of())) {
            demo.awaitPrinted("dpip addr add", Duration.ofSeconds(60));
            demo.signal("TERM");
            assertThat(demo.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
        }
        assertThat(namespaces()).isEqualTo(before);
    }

    @Test
    void killedItIsCleanedUpAfter() {
        List<String> before = namespaces();
        Path log = Path.of("target", "demo-killed.log").toAbsolutePath();
        try (Running demo = Running.start(log, List.of(DEMO), Map.of())) {
            demo.awaitPrinted("dpip addr add", Duration.ofSeconds(60));
            demo.signal("KILL");
            demo.awaitExit(Duration.ofSeconds(5));
        }
        Await.until(Duration.ofSeconds(15), () -> namespaces().equals(before), () -> "the end of " + namespaces());
    }

    @Test
    void anUnknownDemoIsRefused() {
        Outcome outcome = Shell.run(Duration.ofSeconds(10), List.of(DEMO, "nonsense"), Map.of(), "");
        assertThat(outcome.failedWith(2)).contains("There is no demo \"nonsense\".");
    }

    /** Names of labs that demos made; other tests' labs have other names. */
    private static List<String> namespaces() {
        return Shell.run(Duration.ofSeconds(5), List.of("ip", "netns", "list"), Map.of(), "")
                .succeeded()
                .lines()
                .filter(line -> line.startsWith("jdpvs-demo"))
                .toList();
    }
}

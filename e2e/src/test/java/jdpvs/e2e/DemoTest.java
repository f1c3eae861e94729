package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The newcomer's first command. Demos wait most of the time (for time-outs, LACP, routing, checks) and measure nothing, so two at a time run side by side; what they promise
 * in seconds has room for that.
 */
class DemoTest {
    private static final String DEMO = Shell.HOME.resolve("demo").toString();

    /** Against one that hangs; two side by side take longer than one. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** The lab of this test's demo; no name is the beginning of another. */
    private final String lab = "demo" + ProcessHandle.current().pid() + "n" + NUMBER.incrementAndGet() + "x";

    private final Map<String, String> environment = Map.of("JDPVS_DEMO_LAB", lab);

    @Execution(CONCURRENT)
    @Test
    void itShowsTheMainJobAndLeavesNothingBehind() {
        Outcome outcome = Shell.run(LIMIT, List.of(DEMO), environment, "");
        assertThat(outcome.succeeded())
                .contains("$ ipvsadm -A -t 10.0.96.204:80 -s rr")
                .contains("4 packets transmitted, 4 received")
                .contains("This is rs1.", "This is rs2.")
                .contains("toa load --trust 192.168.229.204 --cgroup ")
                .containsPattern("\nYour IP and port is (172\\.16\\.0\\.1:[0-9]+)\ncurl says \\1\n")
                .doesNotContain("Your IP and port is 192.168.229.204")
                .contains("Everything worked");
        assertThat(traces()).isEmpty();
    }

    /** The client's own address on the server, whatever the families, over bonds that a switch has agreed to. */
    @Execution(CONCURRENT)
    @ParameterizedTest
    @CsvSource({"ipv6, 2408::1", "nat64, 2408::1", "nat46, ::ffff:172.16.0.1"})
    void theFamilies(String demo, String client) {
        Outcome outcome = Shell.run(LIMIT, List.of(DEMO, demo), environment, "");
        assertThat(outcome.succeeded())
                .contains("bond1 has 2 of 2 slaves active", "bond2 has 2 of 2 slaves active")
                .contains("UP 20000 Mbps full-duplex")
                .contains("This is rs1.", "This is rs2.")
                .contains("Your IP and port is [" + client + "]:")
                .contains("Everything worked");
        if (demo.equals("nat64")) {
            assertThat(outcome.output())
                    .containsPattern(
                            "\nYour remote_addr and remote_port is 192\\.168\\.229\\.201:[0-9]+"
                                    + "\nYour toa_remote_addr and toa_remote_port is \\[2408::1]:([0-9]+)\n"
                                    + ".*\ntoa_remote_addr=2408::1 \\| toa_remote_port=\\1 \\| remote_addr=192\\.168\\.229\\.201 ")
                    .contains("\nYour toa_remote_addr and toa_remote_port is [-]:-\n");
        }
        assertThat(traces()).isEmpty();
    }

    @Execution(CONCURRENT)
    @Test
    void bondsWhoseCablesFail() {
        Outcome outcome = Shell.run(LIMIT, List.of(DEMO, "bond"), environment, "");
        assertThat(outcome.succeeded())
                .contains("UP 20000 Mbps full-duplex")
                .contains("lacp_status: negotiated")
                .contains("ative/slaves 1/2")
                .contains("Your IP and port is 172.16.0.1:")
                .contains("No request failed.")
                .contains("Everything worked");
        assertThat(traces()).isEmpty();
    }

    @Execution(CONCURRENT)
    @Test
    void twoBalancersOfWhichOneDies() {
        Outcome outcome = Shell.run(LIMIT, List.of(DEMO, "ecmp"), environment, "");
        assertThat(outcome.succeeded())
                .contains("dpvs1$ ip route add blackhole 10.0.97.204/32")
                .contains("nexthop via 10.0.96.201 dev outside", "nexthop via 10.0.96.202 dev outside")
                .containsPattern("# Next hops of the router: 1, after \\d+ ms")
                .contains("NO-CARRIER")
                .contains("Everything worked");
        assertThat(traces()).isEmpty();
    }

    /** trace names each of five causes, or the demo fails. */
    @Execution(CONCURRENT)
    @Test
    void troubleOfFiveKinds() {
        Outcome outcome = Shell.run(LIMIT, List.of(DEMO, "trouble"), environment, "");
        assertThat(outcome.succeeded())
                .contains(
                        "verdict: dropped: no-route",
                        "verdict: dropped: no-local-address",
                        "verdict: dropped: neighbour-unresolved",
                        "verdict: dropped: no-destination",
                        "has weight 0",
                        "connection threshold",
                        "Everything worked");
        assertThat(traces()).isEmpty();
    }

    @Execution(CONCURRENT)
    @Test
    void aMasterDiesAndTheBackupServes() {
        Outcome outcome = Shell.run(LIMIT, List.of(DEMO, "keepalived"), environment, "");
        assertThat(outcome.succeeded())
                .contains("VI_1: MASTER, state MASTER is configured, and no other master was heard")
                .containsPattern("\nTCP +10\\.0\\.96\\.201:80 rr")
                .containsPattern("# http://10\\.0\\.96\\.201 answers the client again \\d+ ms after that")
                .contains("Your IP and port is [::ffff:172.16.0.1]:", "Your IP and port is [2408::1]:")
                .contains("Everything worked");
        assertThat(traces()).isEmpty();
    }

    @Execution(CONCURRENT)
    @Test
    void whereControlGroupsCannotBeMadeItSaysSoAndGoesOnWithTheBalancersAddress() {
        String root = Shell.run(
                        Duration.ofSeconds(5), List.of("findmnt", "-n", "-o", "TARGET", "-t", "cgroup2"), Map.of(), "")
                .succeeded()
                .lines()
                .findFirst()
                .orElseThrow();
        String readOnly = "mount -o remount,bind,ro %s && exec %s".formatted(root, DEMO);
        Outcome outcome = Shell.run(LIMIT, List.of("unshare", "--mount", "sh", "-c", readOnly), environment, "");
        assertThat(outcome.succeeded())
                .contains("because their agent cannot be loaded here: a control group cannot be made in " + root + ".")
                .contains("Your IP and port is 192.168.229.204:")
                .contains("Everything worked");
        assertThat(traces()).isEmpty();
    }

    @Execution(CONCURRENT)
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
        assertThat(traces()).isEmpty();
    }

    @Execution(CONCURRENT)
    @Test
    void killedItIsCleanedUpAfter() {
        Path log = Path.of("target", "demo-killed.log").toAbsolutePath();
        try (Running demo = Running.start(log, List.of(DEMO), environment)) {
            demo.awaitPrinted("dpip addr add", Duration.ofSeconds(60));
            demo.signal("KILL");
            demo.awaitExit(Duration.ofSeconds(5));
        }
        Await.until(Duration.ofSeconds(15), () -> traces().isEmpty(), () -> "the end of " + traces());
    }

    @Execution(CONCURRENT)
    @Test
    void anUnknownDemoIsRefused() {
        Outcome outcome = Shell.run(Duration.ofSeconds(10), List.of(DEMO, "nonsense"), Map.of(), "");
        assertThat(outcome.failedWith(2)).contains("There is no demo \"nonsense\".");
    }

    /** What is there of this test's demo: namespaces, directories of control groups and of pinned programs. */
    private List<String> traces() {
        // Demos beside this one take theirs away meanwhile.
        String everything = "ip netns list; ls /sys/fs/bpf; "
                + "find $(findmnt -n -o TARGET -t cgroup2) -ignore_readdir_race -maxdepth 1";
        return Shell.run(Duration.ofSeconds(5), List.of("sh", "-c", everything), Map.of(), "")
                .succeeded()
                .lines()
                .filter(line -> line.contains("jdpvs-" + lab) || line.contains("jdpvs-lab-" + lab))
                .toList();
    }
}

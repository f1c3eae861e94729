package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The commands against a living daemon: saving and restoring, speed. {@link RefusalsTest} has those that are refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsTest {
    /** Three times 3 s. */
    private static final Duration RESTORE_LIMIT = Duration.ofSeconds(9);
    /** Three times 150 ms. */
    private static final Duration COMMAND_LIMIT = Duration.ofMillis(450);

    private Lab lab;
    private Dpvs dpvs;

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        dpvs = Dpvs.start(lab, Configuration.twoArm());
    }

    @AfterEach
    void clear() {
        dpvs.type("ipvsadm -C");
    }

    @AfterAll
    void stop() {
        dpvs.close();
        lab.close();
    }

    @Test
    void saveAndRestoreKeepEverything() {
        dpvs.type(
                "ipvsadm -A -t 10.0.96.204:80 -s wrr",
                "ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1:8080 -b -w 7 -x 100 -y 50",
                "ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.2:8080 -b -w 0",
                "ipvsadm -P -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0",
                "ipvsadm -P -z 192.168.229.205 -t 10.0.96.204:80 -F dpdk0",
                "ipvsadm -A -u 10.0.96.204:53 -s wlc",
                "ipvsadm -a -u 10.0.96.204:53 -r 192.168.229.1:53 -b");
        String saved = dpvs.ipvsadm("-S -n").succeeded();
        String listed = dpvs.ipvsadm("-ln").succeeded()
                + dpvs.ipvsadm("-ln --thresholds").succeeded()
                + dpvs.ipvsadm("-G").succeeded();
        assertThat(saved).contains("-A -t 10.0.96.204:80 -s wrr\n", "192.168.229.205", "dpdk0", "-x 100", "-y 50");
        dpvs.type("ipvsadm -C");
        assertThat(dpvs.ipvsadm("-S -n").succeeded()).isEmpty();
        dpvs.ipvsadm("-R", saved).succeeded();
        assertThat(dpvs.ipvsadm("-S -n").succeeded()).isEqualTo(saved);
        assertThat(dpvs.ipvsadm("-ln").succeeded()
                        + dpvs.ipvsadm("-ln --thresholds").succeeded()
                        + dpvs.ipvsadm("-G").succeeded())
                .isEqualTo(listed);
    }

    @Test
    void tenThousandLinesAreRestoredSoonAndAllOrNone() {
        String lines = tenThousandLines();
        Outcome restore = dpvs.ipvsadm("-R", lines);
        restore.succeeded();
        assertThat(restore.took()).isLessThan(RESTORE_LIMIT);
        assertThat(sortedLines(dpvs.ipvsadm("-S -n").succeeded())).isEqualTo(sortedLines(lines));
        dpvs.type("ipvsadm -C");

        String broken =
                lines.replaceFirst("(?m)^-a -t 10\\.1\\.0\\.10:80 .*$", "-a -t 10.1.0.10:80 -r 10.2.0.1:8080 -w many");
        int number = broken.substring(0, broken.indexOf("many")).split("\n").length;
        Outcome refused = dpvs.ipvsadm("-R", broken);
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.errors()).contains(Integer.toString(number), "illegal weight specified");
        assertThat(dpvs.ipvsadm("-S -n").succeeded()).isEmpty();
    }

    @Test
    void aTypicalCommandIsQuick() {
        dpvs.type("ipvsadm -A -t 10.0.96.204:80 -s rr");
        Duration best = IntStream.range(0, 8)
                .mapToObj(round -> dpvs.ipvsadm("-ln").took())
                .min(Duration::compareTo)
                .orElseThrow();
        assertThat(best).isLessThan(COMMAND_LIMIT);
    }

    @Test
    void usageNeedsNoDaemon() {
        try (Dpvs ended = Dpvs.start(lab, Configuration.oneDevice("dpdk0"))) {
            ended.process().signal("KILL");
            ended.process().awaitExit(Duration.ofSeconds(10));
            assertThat(ended.dpip("-V").succeeded()).isEqualTo("dpip-1.10-2\n");
            assertThat(ended.dpip("route help").exitCode()).isZero();
            assertThat(ended.ipvsadm("-h").exitCode()).isZero();
            assertThat(ended.ipvsadm("-A -t 10.10.1.400:80 -s rr").failedWith(2))
                    .contains("illegal virtual server address[:port] specified");
            Outcome unreachable = ended.dpip("addr show");
            assertThat(unreachable.exitCode()).isEqualTo(1);
            assertThat(unreachable.errors()).contains("connection error: Connection refused");
        }
    }

    private static String tenThousandLines() {
        var text = new StringBuilder();
        for (int service = 0; service < 1000; service++) {
            String address = "10.1.%d.%d:80".formatted(service / 200, 10 + service % 200);
            text.append("-A -t ").append(address).append(" -s rr\n");
            for (int server = 1; server <= 9; server++) {
                text.append("-a -t %s -r 10.2.%d.%d:8080 -b -w 1\n".formatted(address, service / 200, server));
            }
        }
        return text.toString();
    }

    private static String sortedLines(String text) {
        return String.join("\n", Arrays.stream(text.split("\n")).sorted().toList());
    }
}

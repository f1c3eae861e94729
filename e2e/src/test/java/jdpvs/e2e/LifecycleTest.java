package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Starting, stopping, reloading, and living beside others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifecycleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Three times 3 % of a core. */
    private static final double IDLE_LIMIT = 0.09;

    private Lab lab;

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        lab.startWebServers();
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    @Test
    void itForwardsSoonAfterItsStart() {
        long began = System.nanoTime();
        try (Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            dpvs.typeHowTo();
            lab.client().curl("10.0.96.204");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Dpvs.START_LIMIT);
        }
    }

    @Test
    void itPrintsTheMemoryItNeedsAndHas() {
        try (Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            assertThat(dpvs.process().printed()).containsPattern("(?i)memory.*\\d+ ?[MG]i?B");
        }
    }

    @Test
    void tooLittleMemoryIsRefusedWithTheKeyToLower() {
        String huge = Configuration.twoArm().text().replace("conn_pool_size 65536", "conn_pool_size 1073741824");
        try (Dpvs dpvs = Dpvs.launch(lab.dpvs(), huge)) {
            assertThat(dpvs.process().awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(dpvs.process().printed()).contains("conn_pool_size");
        }
    }

    @Test
    void sigtermStopsItCleanly() {
        try (Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            assertThat(dpvs.pidFile())
                    .content()
                    .isEqualToIgnoringNewLines(Long.toString(dpvs.process().pid()));
            dpvs.process().signal("TERM");
            assertThat(dpvs.process().awaitExit(PATIENCE)).isZero();
            assertThat(dpvs.pidFile()).doesNotExist();
            assertThat(dpvs.socket()).doesNotExist();
            Outcome outcome = dpvs.ipvsadm("-ln");
            assertThat(outcome.exitCode()).isNotZero();
            assertThat(outcome.errors()).contains("No such file or directory", "is running");
        }
    }

    @Test
    void aSecondInstanceOnTheSameSocketIsRefused() {
        try (Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm());
                Dpvs second = Dpvs.launch(
                        lab.dpvs(), dpvs.configurationFile(), lab.directory().resolve("other.pid"), dpvs.socket());
                Dpvs third = Dpvs.launch(
                        lab.dpvs(),
                        dpvs.configurationFile(),
                        dpvs.pidFile(),
                        lab.directory().resolve("other.ipc"))) {
            assertThat(second.process().awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(second.process().printed()).contains(dpvs.socket().toString());
            assertThat(third.process().awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(third.process().printed()).contains("dpvs is already running");
            assertThat(dpvs.dpip("link show").exitCode()).isZero();
        }
    }

    @Test
    void afterSigkillItStartsAgain() {
        try (Dpvs killed = Dpvs.start(lab, Configuration.twoArm())) {
            killed.process().signal("KILL");
            killed.process().awaitExit(PATIENCE);
            try (Dpvs dpvs = Dpvs.launch(lab.dpvs(), killed.configurationFile(), killed.pidFile(), killed.socket())) {
                dpvs.awaitAnswer();
                dpvs.typeHowTo();
                lab.client().curl("10.0.96.204");
            }
        }
    }

    @Test
    void twoInstancesRunSideBySide() {
        try (Lab other = Lab.twoArm();
                Dpvs first = Dpvs.start(lab, Configuration.twoArm());
                Dpvs second = Dpvs.start(other, Configuration.twoArm())) {
            other.startWebServers();
            first.typeHowTo();
            second.typeHowTo();
            second.type("ipvsadm -d -t 10.0.96.204:80 -r 192.168.229.1:80");
            lab.client().curl("10.0.96.204");
            assertThat(other.client().curl("10.0.96.204")).startsWith("This is rs2.");
            assertThat(first.ipvsadm("-ln").succeeded()).contains("192.168.229.1:80");
            assertThat(second.ipvsadm("-ln").succeeded()).doesNotContain("192.168.229.1:80");
        }
    }

    @Test
    void sighupReloadsWhatIsReloadableAndKeepsTheRest() {
        try (Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            dpvs.typeHowTo();
            lab.client().curl("10.0.96.204");
            Dpvs.write(
                    dpvs.configurationFile(),
                    Configuration.twoArm().tcpTimeout("time_wait", 20).text());
            dpvs.process().signal("HUP");
            Await.until(
                    PATIENCE,
                    () -> {
                        lab.client().curl("10.0.96.204");
                        return dpvs.ipvsadm("-lnc").succeeded().contains("tcp 20s    TIME_WAIT");
                    },
                    () -> "the new time-out in use: " + dpvs.ipvsadm("-lnc"));
            assertThat(dpvs.ipvsadm("-ln").succeeded()).contains("192.168.229.2:80");
        }
    }

    /** Also when nohup had it ignore SIGHUP. */
    @Test
    void sighupReopensTheLogFile() throws IOException {
        Path log = lab.directory().resolve("reopened.log");
        String text = Configuration.twoArm().text().replace("log_level INFO", "log_level INFO\nlog_file " + log);
        try (Dpvs dpvs = Dpvs.launchBy(List.of("nohup"), lab.dpvs(), text)) {
            dpvs.awaitAnswer();
            assertThat(log).isNotEmptyFile();
            Files.move(log, lab.directory().resolve("reopened.log.1"));
            dpvs.process().signal("HUP");
            Await.until(PATIENCE, () -> Files.exists(log), () -> "a new log file");
        }
    }

    @Test
    void idleItSleeps() throws IOException {
        try (Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            dpvs.typeHowTo();
            lab.client().curl("10.0.96.204");
            Await.pause(Duration.ofSeconds(4));
            long before = cpuTicks(dpvs.process().pid());
            Await.pause(Duration.ofSeconds(5));
            double share = (cpuTicks(dpvs.process().pid()) - before) / 100.0 / 5;
            assertThat(share).as("share of a core while idle").isLessThan(IDLE_LIMIT);
        }
    }

    @Test
    void badConfigurationIsNamedByFileAndLine() {
        Path file = Dpvs.write(lab.directory().resolve("bad.conf"), """
                global_defs {
                    log_level LOUD
                }
                ipvs_defs {
                    conn {
                        conn_pool_size many
                    }
                    nonsense 7
                }
                """);
        Outcome outcome = Dpvs.run(lab.dpvs(), "-c " + file + " --check");
        assertThat(outcome.exitCode()).isNotZero();
        String said = outcome.output() + outcome.errors();
        assertThat(said)
                .contains(file + ":2", "LOUD")
                .contains(file + ":6", "conn_pool_size", "many")
                .contains(file + ":8", "nonsense");
    }

    @Test
    void checkOfAGoodFileStartsNothing() {
        Path file = Dpvs.write(
                lab.directory().resolve("good.conf"), Configuration.twoArm().text());
        assertThat(Dpvs.run(lab.dpvs(), "-c " + file + " --check").exitCode()).isZero();
    }

    @Test
    void aMissingFileOrInterfaceIsNamed() {
        Outcome noFile = Dpvs.run(lab.dpvs(), "-c /nowhere/dpvs.conf");
        assertThat(noFile.exitCode()).isEqualTo(1);
        assertThat(noFile.output() + noFile.errors()).contains("/nowhere/dpvs.conf");
        try (Dpvs dpvs =
                Dpvs.launch(lab.dpvs(), Configuration.oneDevice("dpdk7").text())) {
            assertThat(dpvs.process().awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(dpvs.process().printed()).contains("dpdk7");
        }
    }

    @Test
    void otherEalArgumentsAreAcceptedAndNamed() {
        try (Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm(), "--", "-a", "0000:17:00.0", "-l", "1-9")) {
            assertThat(dpvs.process().printed()).contains("0000:17:00.0");
        }
    }

    @Test
    void itSaysWhichVersionItIs() {
        Outcome outcome = Dpvs.run(lab.dpvs(), "-v");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output() + outcome.errors()).contains("dpvs version: ");
    }

    /** Hundredths of a second that the process has used. */
    private static long cpuTicks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}

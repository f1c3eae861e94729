package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every connection leaves a line when it begins and one when it ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FILE_BYTES = 1 << 20;

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

    private static String withLog(Configuration configuration, String target) {
        return configuration
                .tcpTimeout("time_wait", 1)
                .tcpTimeout("close", 1)
                .text()
                .replace("log_level INFO", "log_level INFO\nsession_log " + target);
    }

    private Dpvs launch(String text) {
        Dpvs dpvs = Dpvs.launch(lab.dpvs(), text);
        dpvs.awaitAnswer();
        dpvs.typeHowTo();
        return dpvs;
    }

    private static List<Map<String, String>> lines(Path log, String event) {
        try {
            return Files.readAllLines(log).stream()
                    .map(line -> Arrays.stream(line.split(" "))
                            .map(word -> word.split("=", 2))
                            .collect(Collectors.toMap(word -> word[0], word -> word[1])))
                    .filter(line -> event.equals(line.get("event")))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static long number(Map<String, String> line, String key) {
        return Long.parseLong(line.getOrDefault(key, "-1"));
    }

    private static void awaitClosed(Path log, int count) {
        Await.until(
                PATIENCE,
                () -> lines(log, "close").size() >= count,
                () -> count + " connections closed in " + lines(log, "close"));
    }

    @ParameterizedTest
    @ValueSource(ints = 2)
    void everyConnectionBeginsAndEndsOnce(int workers) {
        Path log = lab.directory().resolve("session-" + workers + ".log");
        Download file = Download.of(lab, 1 + workers);
        int count = 20;
        try (Dpvs dpvs = launch(withLog(Configuration.twoArm().workers(workers), log.toString()))) {
            for (int i = 0; i < count - 2; i++) {
                lab.client().curl("10.0.96.204");
            }
            file.assertArrives("10.0.96.204", 2);
            awaitClosed(log, count);
            assertThat(lines(log, "create")).hasSize(count);
            List<Map<String, String>> closed = lines(log, "close");
            assertThat(closed).hasSize(count).allSatisfy(line -> {
                assertThat(line).containsEntry("proto", "tcp").containsEntry("vip", "10.0.96.204:80");
                assertThat(line).containsEntry("reason", "fin");
                assertThat(line.get("server")).matches("192\\.168\\.229\\.[12]:80");
                assertThat(line.get("lip")).startsWith("192.168.229.204:");
                assertThat(number(line, "in_packets")).isPositive();
                assertThat(number(line, "out_bytes")).isGreaterThan(40 * number(line, "out_packets"));
            });
            assertThat(closed.stream()
                            .map(line -> line.get("client") + line.get("lip"))
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(lines(log, "create").stream()
                            .map(line -> line.get("client") + line.get("lip"))
                            .toList());
            // Headers of the packets on the way are counted with what they carry.
            long bytes = (1L + workers) * FILE_BYTES;
            assertThat(closed)
                    .filteredOn(line -> number(line, "out_bytes") > bytes)
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(number(line, "out_bytes")).isLessThan(bytes + bytes / 10));
            assertThat(dpvs.ipvsadm("-ln --stats --exact").succeeded())
                    .containsPattern("TCP +10\\.0\\.96\\.204:80 +" + count + " +" + sum(closed, "in_packets") + " +"
                            + sum(closed, "out_packets") + " +" + sum(closed, "in_bytes") + " +"
                            + sum(closed, "out_bytes"));
        }
    }

    @Soak
    @ParameterizedTest
    @ValueSource(ints = 1)
    void everyConnectionOfOneWorkerBeginsAndEndsOnce(int workers) {
        everyConnectionBeginsAndEndsOnce(workers);
    }

    private static long sum(List<Map<String, String>> lines, String key) {
        return lines.stream().mapToLong(line -> number(line, key)).sum();
    }

    @Test
    void resetsAndSilenceAreNamed() {
        Path log = lab.directory().resolve("reasons.log");
        String text = withLog(Configuration.twoArm().tcpTimeout("established", 2), log.toString());
        try (Dpvs dpvs = launch(text)) {
            assertThat(dpvs.process().isAlive()).isTrue();
            // SO_LINGER 0: the kernel says RST in the place of FIN.
            lab.client()
                    .shell(
                            PATIENCE,
                            "python3 -c 'import socket,struct;s=socket.create_connection((\"10.0.96.204\",80));"
                                    + "s.setsockopt(socket.SOL_SOCKET,socket.SO_LINGER,struct.pack(\"ii\",1,0));"
                                    + "s.send(b\"GET\");s.close()'")
                    .succeeded();
            awaitClosed(log, 1);
            assertThat(lines(log, "close").getFirst()).containsEntry("reason", "reset-by-client");
            lab.client()
                    .shell(
                            PATIENCE,
                            "python3 -c 'import socket,time;s=socket.create_connection((\"10.0.96.204\",80));"
                                    + "s.send(b\"GET\");time.sleep(5)'")
                    .succeeded();
            awaitClosed(log, 2);
            assertThat(lines(log, "close").get(1))
                    .containsEntry("reason", "timeout")
                    .containsEntry("state", "ESTABLISHED");
        }
    }

    @Test
    void aRenamedLogIsMadeAnewAndOneThatCannotBeWrittenEndsNothing() throws IOException {
        Path log = lab.directory().resolve("rotated.log");
        try (Dpvs dpvs = launch(withLog(Configuration.twoArm(), log.toString()))) {
            assertThat(dpvs.process().isAlive()).isTrue();
            lab.client().curl("10.0.96.204");
            awaitClosed(log, 1);
            Path old = log.resolveSibling("rotated.log.1");
            Files.move(log, old);
            Await.until(PATIENCE, () -> Files.exists(log), () -> "a new " + log);
            lab.client().curl("10.0.96.204");
            awaitClosed(log, 1);
            assertThat(lines(old, "close")).hasSize(1);
        }
        Path nowhere = lab.directory().resolve("no/such/directory/session.log");
        try (Dpvs dpvs = launch(withLog(Configuration.twoArm(), nowhere.toString()))) {
            lab.client().curl("10.0.96.204");
            dpvs.process().awaitPrinted("session_log cannot be written: " + nowhere, PATIENCE);
            lab.client().curl("10.0.96.204");
        }
    }
}

package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** dpvsctl capture, read by the programs that people read captures with. */
class CaptureCommandTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path directory = Path.of("");

    private Running capture(Dpvs dpvs, Path log, String words) {
        var command = new ArrayList<>(List.of(Dpvs.program("dpvsctl"), "capture"));
        command.addAll(List.of(words.split(" +")));
        return Running.start(log, command, Map.of("DPVS_IPC_FILE", dpvs.socket().toString()));
    }

    /** Of any device. */
    private Running capture(Dpvs dpvs, Path log, Path file, String words) {
        Running capture = capture(dpvs, log, "any -w " + file + " " + words);
        // Its header is there when the daemon has begun; the workers look at what is asked of them in their next cycle.
        Await.until(
                LIMIT,
                () -> file.toFile().length() > 0,
                () -> "the beginning of a capture; it printed: " + capture.printed());
        Await.pause(Duration.ofMillis(500));
        return capture;
    }

    /** Values of fields, a line for each packet, apart by semicolons. */
    private static List<String> tshark(Path file, String displayFilter, String... fields) {
        var command = new ArrayList<>(List.of(
                "tshark",
                "-n",
                "-r",
                file.toString(),
                "-T",
                "fields",
                "-E",
                "separator=;",
                "-o",
                "tcp.check_checksum:TRUE",
                "-Y",
                displayFilter));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        return Shell.run(LIMIT, command, Map.of(), "").succeeded().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = 2)
    void bothSidesOfTheNatAndWhatIsDropped(int workers) {
        try (Lab lab = Lab.twoArm();
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers))) {
            lab.startWebServers();
            dpvs.typeHowTo();
            lab.client().curl("10.0.96.204");
            Path file = directory.resolve("web.pcapng");
            Path log = directory.resolve("log");
            try (Running capture = capture(dpvs, log, file, "tcp")) {
                lab.client().curl("10.0.96.204");
                lab.client().run("curl -sS --max-time 1 http://10.0.96.204:83");
                Await.pause(Duration.ofMillis(500));
                // As SIGINT would, which a test that runs in the background has been told to ignore.
                capture.signal("TERM");
                assertThat(capture.awaitExit(LIMIT)).as(capture.printed()).isZero();
                assertThat(capture.printed()).contains(" captured: ").contains("; 0 not shown");
            }
            String syn = "tcp.flags.syn == 1 && tcp.flags.ack == 0 && !frame.comment && tcp.dstport == 80";
            assertThat(tshark(file, syn, "frame.interface_name", "frame.packet_flags_direction", "ip.src", "ip.dst"))
                    .hasSize(2)
                    .contains("dpdk2;0x00000001;172.16.0.1;10.0.96.204")
                    .anyMatch(line -> line.startsWith("dpdk0;0x00000002;192.168.229.204;192.168.229."));
            // Each packet that came in went out on the other side, once.
            int in = tshark(file, "frame.packet_flags_direction == 1 && tcp.port == 80", "frame.number")
                    .size();
            int out = tshark(file, "frame.packet_flags_direction == 2 && tcp.port == 80", "frame.number")
                    .size();
            assertThat(in).isEqualTo(out).isGreaterThanOrEqualTo(8);
            assertThat(tshark(file, "frame.comment", "frame.comment", "ip.dst", "tcp.dstport"))
                    .isNotEmpty()
                    .allMatch(line ->
                            line.startsWith("dropped: local-port-closed: ") && line.endsWith(";10.0.96.204;83"));
            assertThat(tshark(file, "tcp.checksum.status == 0", "frame.number")).isEmpty();
            Shell.run(LIMIT, List.of("tcpdump", "-n", "-r", file.toString()), Map.of(), "")
                    .succeeded();
        }
    }

    @Soak
    @ParameterizedTest
    @ValueSource(ints = 1)
    void bothSidesOfTheNatAndWhatOneWorkerDrops(int workers) {
        bothSidesOfTheNatAndWhatIsDropped(workers);
    }

    @Test
    void aCaptureDisturbsNobody() {
        try (Lab lab = Lab.twoArm();
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            lab.startWebServers();
            dpvs.typeHowTo();
            Path file = directory.resolve("load.pcapng");
            try (Running capture = capture(dpvs, directory.resolve("log"), file, "-s 100")) {
                Wrk.read(lab.client()
                                .run(LIMIT, "wrk -t1 -c16 -d3 http://10.0.96.204/")
                                .succeeded())
                        .assertNothingFailed();
                capture.signal("TERM");
                assertThat(capture.awaitExit(LIMIT)).as(capture.printed()).isZero();
                assertThat(capture.printed()).containsPattern("[0-9]+ packets captured: .* [0-9]+ not shown");
            }
            Shell.run(LIMIT, List.of("capinfos", "-c", file.toString()), Map.of(), "")
                    .succeeded();
            assertThat(dpvs.drops("internal-error")).isZero();
        }
    }

    @Test
    void linesLimitsAndRefusals() throws Exception {
        try (Lab lab = Lab.twoArm();
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            dpvs.typeHowToNetwork();
            try (Running capture = capture(dpvs, directory.resolve("log"), "dpdk2 -c 2 icmp")) {
                // Nothing tells that it has begun: the launcher starts, and the workers look at what is asked of them.
                Await.pause(Duration.ofMillis(2500));
                lab.client().run("ping -c1 -W1 10.0.96.204").succeeded();
                assertThat(capture.awaitExit(LIMIT)).isZero();
                assertThat(capture.printed())
                        .contains("dpdk2 in   IP 172.16.0.1 > 10.0.96.204: ICMP echo request, id ")
                        .contains("dpdk2 out  IP 10.0.96.204 > 172.16.0.1: ICMP echo reply, id ")
                        .contains("2 packets captured: 1 in, 1 out, 0 dropped; 0 not shown");
            }
            assertThat(dpvs.dpvsctl("capture any --seconds 1 port 80").succeeded())
                    .isEmpty();
            assertThat(dpvs.dpvsctl("capture any port http").failedWith(1))
                    .isEqualTo("dpvsctl: invalid parameter: filter: 'http' is not a port (0 to 65535)\n");
            assertThat(dpvs.dpvsctl("capture eth9").failedWith(1))
                    .isEqualTo("dpvsctl: no such device: eth9; the devices are dpdk0, dpdk2\n");
            Path target = directory.resolve("precious");
            Path link = directory.resolve("link");
            Files.writeString(target, "precious");
            Files.createSymbolicLink(link, target);
            assertThat(dpvs.dpvsctl("capture any --seconds 1 -w " + link).failedWith(1))
                    .contains("it is a symbolic link; name the file itself, or remove the link");
            assertThat(Files.readString(target)).isEqualTo("precious");
        }
    }
}

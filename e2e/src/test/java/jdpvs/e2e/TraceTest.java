package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions about packets against a living daemon: from the tables, with a real packet, as they pass, and from a file. */
class TraceTest {
    private static final String FLOW = "172.16.0.1:40000 10.0.96.204:80";

    @ParameterizedTest
    @ValueSource(ints = 2)
    void tablesPacketAndLive(int workers) {
        try (Lab lab = Lab.twoArm();
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers))) {
            lab.startWebServers();
            dpvs.typeHowTo();
            lab.client().curl("10.0.96.204");
            assertThat(dpvs.dpvsctl("trace " + FLOW).succeeded())
                    .contains("verdict: ", "192.168.229.")
                    .containsPattern("verdict: (forwarded|sent as soon as)");
            assertThat(dpvs.dpvsctl("trace 172.16.0.1:40000 10.0.96.204:81").output())
                    .contains("verdict: dropped: local-port-closed", "ipvsadm -A -t 10.0.96.204:81 -s rr");

            assertThat(dpvs.dpvsctl("trace --packet " + FLOW).succeeded())
                    .contains(
                            "service-found",
                            "local-port-taken",
                            "connection-opened",
                            "and the server answered: SYN-ACK");
            assertThat(dpvs.dpvsctl("conns --count --client 172.16.0.1:40000").succeeded())
                    .isEqualTo("0\n");

            Path log = lab.directory().resolve("live.log");
            var command = List.of(
                    Dpvs.program("dpvsctl"), "trace", "--live", "--seconds", "30", "172.16.0.1", "10.0.96.204:80");
            var environment = Map.of("DPVS_IPC_FILE", dpvs.socket().toString());
            try (Running live = Running.start(log, command, environment)) {
                Await.until(
                        Duration.ofSeconds(25),
                        () -> {
                            lab.client().curl("10.0.96.204");
                            String printed = live.printed();
                            return printed.contains("  in    dpdk2") && printed.contains("  out   dpdk2");
                        },
                        () -> "both directions in:\n" + live.printed());
                assertThat(live.printed()).contains("step  a service takes it", "  out   dpdk0");
            }
        }
    }

    @Soak
    @ParameterizedTest
    @ValueSource(ints = 1)
    void tablesPacketAndLiveOfOneWorker(int workers) {
        tablesPacketAndLive(workers);
    }

    @Test
    void aCaptureFileIsExplained() {
        try (Lab lab = Lab.twoArm();
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            lab.startWebServers();
            dpvs.typeHowTo();
            lab.client().curl("10.0.96.204");
            Outcome made = lab.client()
                    .shell(
                            Duration.ofSeconds(20),
                            "timeout 10 tcpdump -U -c 6 -i eth0 -w "
                                    + lab.directory().resolve("c.pcap")
                                    + " tcp & sleep 1; for i in 1 2 3; do curl -sS --max-time 2 10.0.96.204; done; wait");
            assertThat(made.exitCode()).isZero();
            assertThat(dpvs.dpvsctl("explain " + lab.directory().resolve("c.pcap"))
                            .succeeded())
                    .contains("TCP [S]", "=>", "6 packets", "forwarded to");
        }
    }
}

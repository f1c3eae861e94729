package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is too long for the way behind the balancer: its sender hears of it and sends less, with offloads (large segments, whose packets count) and without. And
 * what grows beyond the longest IPv4 packet there is when the client's address is put into it.
 */
class PathMtuTest {
    private static final String VIP = "10.0.96.204";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MEBIBYTES = 50;
    private static final int SERVERS_MTU = 1400;
    private static final int CLIENTS_MTU = 1300;
    /** What the client's address takes. */
    private static final int OPTION = 8;

    @ParameterizedTest
    @CsvSource({"on, 2", "off, 1"})
    void transfersGoThroughRoutesOfASmallerMtu(String offload, int workers) {
        try (Lab lab = Lab.twoArm("--offload", offload);
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers))) {
            lab.startWebServers();
            dpvs.type(
                    "dpip addr add 10.0.96.204/32 dev dpdk2",
                    "dpip route add 10.0.96.0/24 dev dpdk2",
                    "dpip route add 192.168.229.0/24 dev dpdk0 mtu " + SERVERS_MTU,
                    "dpip route add default via 10.0.96.254 dev dpdk2 mtu " + CLIENTS_MTU);
            dpvs.typeHowToService("-t 10.0.96.204:80", "rr");
            dpvs.type("ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1:80 -b");
            dpvs.typeHowToService("-t 10.0.96.204:9000", "rr");
            dpvs.type("ipvsadm -a -t 10.0.96.204:9000 -r 192.168.229.1:9000 -b");
            Download download = Download.of(lab, MEBIBYTES);

            upload(lab, Path.of("target", download.name()).toAbsolutePath(), download.checksum());
            long ofClient = dpvs.drops("too-big");
            assertThat(ofClient)
                    .as("packets of the client's that were too long")
                    .isPositive();
            assertThat(lab.client().run("ip route get " + VIP).succeeded())
                    .as("what dpvs has told the client")
                    .contains("mtu " + (SERVERS_MTU - OPTION));

            download.assertArrives(VIP, 1);
            assertThat(dpvs.drops("too-big")).as("packets of the server's").isGreaterThan(ofClient);
            assertThat(lab.server(1).run("ip route get 192.168.229.204").succeeded())
                    .as("what dpvs has told the server")
                    .contains("mtu " + CLIENTS_MTU);
        }
    }

    @Soak
    @ParameterizedTest
    @CsvSource({"on, 1"})
    void transfersGoThroughRoutesOfASmallerMtuByOneWorker(String offload, int workers) {
        transfersGoThroughRoutesOfASmallerMtu(offload, workers);
    }

    private static void upload(Lab lab, Path file, String checksum) {
        try (Running sink = lab.server(1)
                .start(
                        List.of("bash", "-c", "socat -u TCP-LISTEN:9000,reuseaddr - | sha256sum"),
                        lab.directory().resolve("sink.log"),
                        Map.of())) {
            Await.pause(Duration.ofMillis(500));
            lab.client()
                    .run(PATIENCE, "socat -u OPEN:" + file + " TCP:" + VIP + ":9000")
                    .succeeded();
            sink.awaitPrinted("-", PATIENCE);
            assertThat(sink.printed()).as("checksum of what arrived").startsWith(checksum);
        }
    }

    /** A segment of 65,535 bytes has no room for the option: it leaves as two, each with it, and the server gets the same stream. */
    @Test
    void theLargestSegmentIsSplit() {
        try (Lab lab = Lab.twoArm();
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            dpvs.typeHowToNetwork();
            dpvs.typeHowToService("-t 10.0.96.204:9000", "rr");
            dpvs.type("ipvsadm -a -t 10.0.96.204:9000 -r 192.168.229.1:9000 -b");
            String clientMac = lab.client().macAddress("eth0");
            lab.gateway()
                    .run("ip neigh add 172.16.0.99 lladdr " + clientMac + " dev inside nud permanent")
                    .succeeded();
            String file = lab.directory().resolve("payload").toString();
            String sum = lab.client()
                    .shell(PATIENCE, "head -c 66000 /dev/urandom > " + file + "; sha256sum < " + file)
                    .succeeded();
            String script = Path.of("src/test/scripts/large-segment.py")
                    .toAbsolutePath()
                    .toString();
            lab.client().run("python3 " + script + " allow eth0").succeeded();
            lab.gateway().run("python3 " + script + " allow outside").succeeded();
            try (Running sink = lab.server(1)
                            .start(
                                    List.of(
                                            "bash",
                                            "-c",
                                            "socat -u TCP-LISTEN:9000,reuseaddr,rcvbuf=1000000 - | sha256sum"),
                                    lab.directory().resolve("sink.log"),
                                    Map.of());
                    Capture leaving = Capture.start(lab.bridge(), "dpvs", "tcp and dst host 192.168.229.1")) {
                Await.pause(Duration.ofMillis(500));
                Outcome outcome = lab.client()
                        .run(
                                PATIENCE,
                                "python3 " + script + " send eth0 "
                                        + lab.gateway().macAddress("inside") + " 172.16.0.99 40000 " + VIP + " 9000 "
                                        + file);
                assertThat(outcome.exitCode()).as("%s", outcome).isZero();
                sink.awaitPrinted("-", PATIENCE);
                assertThat(sink.printed()).isEqualTo(sum);
                List<List<String>> packets =
                        leaving.packets("tcp.len > 0", "tcp.len", "ip.len", "tcp.seq", "tcp.option_kind");
                List<String> large = packets.get(0);
                List<String> rest = packets.get(1);
                int largeBytes = Integer.parseInt(large.get(0));
                int restBytes = Integer.parseInt(rest.get(0));
                assertThat(largeBytes + restBytes)
                        .as("the client's segment: %s", packets)
                        .isEqualTo(65_535 - 40);
                assertThat(largeBytes).as("still segmented by the device").isGreaterThan(60_000);
                assertThat(restBytes).isBetween(1, 1452);
                assertThat(Integer.parseInt(rest.get(2)) - Integer.parseInt(large.get(2)))
                        .isEqualTo(largeBytes);
                assertThat(packets)
                        .as("all carry the client's address")
                        .allSatisfy(packet -> assertThat(packet.get(3)).contains("254"));
            }
        }
    }
}

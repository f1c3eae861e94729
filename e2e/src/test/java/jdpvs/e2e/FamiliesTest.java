package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real traffic where a side or both are IPv6: pages, long transfers both ways, datagrams in fragments, paths of a smaller MTU, a server with a new MAC address. */
class FamiliesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MEBIBYTES = 100;

    @ParameterizedTest
    @CsvSource({"SIX, 2", "NAT64, 2", "NAT46, 1"})
    void everythingPasses(Way way, int workers) {
        try (Lab lab = Lab.twoArm("--ipv6");
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers))) {
            lab.startWebServers("--ipv6");
            way.network(dpvs, "dpdk2", "dpdk0");
            way.service(dpvs, "-t", 80, 2, "dpdk0");
            way.service(dpvs, "-t", 9000, 1, "dpdk0");
            way.service(dpvs, "-u", 5300, 1, "dpdk0");
            // Duplicate address detection takes a second.
            for (String page : List.of("This is rs1.", "This is rs2.")) {
                Await.until(
                        Duration.ofSeconds(10),
                        () -> curl(lab, way).contains(page),
                        () -> "a page with: " + page + " There is " + curl(lab, way));
            }

            pings(lab, way);
            traced(dpvs, way);
            datagrams(lab, way);
            Download download = Download.of(lab, MEBIBYTES);
            download.assertArrives(way.url(), 2);
            upload(lab, way, download);
            wrkWhileAServerChangesItsMacAddress(lab, way);
            smallerPath(lab, way, download);
            counters(dpvs, way, workers);
            for (String defect : List.of("flow-collision", "internal-error", "bad-ip-length", "icmp-untranslatable")) {
                assertThat(dpvs.drops(defect)).as(defect).isZero();
            }
        }
    }

    @Soak
    @ParameterizedTest
    @CsvSource({"SIX, 1", "NAT64, 1", "NAT46, 2"})
    void everythingPassesInOtherCombinations(Way way, int workers) {
        everythingPasses(way, workers);
    }

    /** What came in as IPv6 went one way each, and the worker's counters add up. */
    private static void counters(Dpvs dpvs, Way way, int workers) {
        Await.until(
                Duration.ofSeconds(5),
                () -> isBalanced(ipv6(dpvs, "total")),
                () -> "balanced counters: " + ipv6(dpvs, "total"));
        Map<String, Long> counters = ipv6(dpvs, "total");
        boolean both = way == Way.SIX;
        assertThat(counters)
                .as("%s", counters)
                .hasSize(35)
                .hasEntrySatisfying("InDelivers", count -> assertThat(count).isGreaterThan(both ? 50_000 : 10_000))
                .hasEntrySatisfying("OutRequests", count -> assertThat(count).isGreaterThan(both ? 50_000 : 10_000))
                .hasEntrySatisfying("OutMcastPkts", count -> assertThat(count).isPositive())
                .hasEntrySatisfying("ReasmOKs", count -> assertThat(count).isPositive())
                .hasEntrySatisfying("FragOKs", count -> assertThat(count).isPositive())
                .containsEntry("OutForwDatagrams", 0L)
                .containsEntry("InCsumErrors", 0L);
        // The balanced bytes passed twice where both sides are IPv6.
        assertThat(sum(counters, "InOctets", "OutOctets")).isGreaterThan((both ? 2L : 1L) * (MEBIBYTES << 20));
        String all = dpvs.dpip("ipv6 show all").succeeded();
        assertThat(all.lines().filter(line -> line.startsWith("cpu "))).hasSize(workers);
    }

    private static Map<String, Long> ipv6(Dpvs dpvs, String what) {
        return dpvs.dpip("ipv6 show " + what)
                .succeeded()
                .lines()
                .map(line -> line.split(": +", 2))
                .collect(Collectors.toMap(words -> words[0], words -> Long.parseLong(words[1])));
    }

    private static boolean isBalanced(Map<String, Long> counters) {
        return sum(counters, "InReceives", "ReasmOKs")
                == sum(
                        counters,
                        "InDelivers",
                        "OutForwDatagrams",
                        "InHdrErrors",
                        "InTooBigErrors",
                        "InNoRoutes",
                        "InAddrErrors",
                        "InUnknownProtos",
                        "InTruncatedPkts",
                        "InDiscards",
                        "ReasmReqds");
    }

    private static long sum(Map<String, Long> counters, String... names) {
        return Stream.of(names)
                .mapToLong(name -> counters.getOrDefault(name, 0L))
                .sum();
    }

    private static String curl(Lab lab, Way way) {
        return lab.client()
                .run("curl -sS --max-time 3 -g http://" + way.url() + "/")
                .output();
    }

    private static void pings(Lab lab, Way way) {
        assertThat(lab.client().run("ping -c5 -i0.05 -s 3000 " + way.vip).succeeded())
                .contains(" 5 received")
                .doesNotContain("DUP");
        String hops = lab.client().run("traceroute -n -q1 -w2 -m5 " + way.vip).succeeded();
        assertThat(hops.lines().toList().getLast()).as(hops).contains(way.vip);
    }

    /** A packet of dpvs's own goes to a server, whose answer arrives. */
    private static void traced(Dpvs dpvs, Way way) {
        String client = way.ipv6Clients() ? "[2408::1]:999" : "172.16.0.1:999";
        Outcome outcome = dpvs.dpvsctl("trace --packet " + client + " " + way.url() + ":80");
        assertThat(outcome.succeeded()).contains("the server answered: SYN-ACK");
    }

    private static void datagrams(Lab lab, Way way) {
        String script = Path.of("src/test/scripts/echo-udp.py").toAbsolutePath().toString();
        try (Running server = lab.server(1).start("python3 " + script + " serve 5300")) {
            server.awaitPrinted("ready", Duration.ofSeconds(10));
            Outcome outcome = lab.client()
                    .run(
                            PATIENCE,
                            "python3 " + script + " ask " + way.vip
                                    + " 5300 1 100 1200 1252 1253 1400 1472 1473 4000 20000 60000");
            assertThat(outcome.exitCode()).as("%s", outcome).isZero();
        }
    }

    private static void upload(Lab lab, Way way, Download download) {
        Path file = Path.of("target", download.name()).toAbsolutePath();
        String listen = way.ipv6Servers() ? "TCP6-LISTEN" : "TCP4-LISTEN";
        try (Running sink = lab.server(1)
                .start(
                        List.of("bash", "-c", "socat -u " + listen + ":9000,reuseaddr - | sha256sum"),
                        lab.directory().resolve("sink.log"),
                        Map.of())) {
            Await.pause(Duration.ofMillis(500));
            lab.client()
                    .run(
                            PATIENCE,
                            "socat -u OPEN:" + file + " " + (way.ipv6Clients() ? "TCP6:" : "TCP4:") + way.url()
                                    + ":9000")
                    .succeeded();
            sink.awaitPrinted("-", PATIENCE);
            assertThat(sink.printed()).as("checksum of what arrived").startsWith(download.checksum());
        }
    }

    private static void wrkWhileAServerChangesItsMacAddress(Lab lab, Way way) {
        lab.server(1)
                .run("sysctl -qw net.ipv6.conf.eth0.ndisc_notify=1 net.ipv4.conf.eth0.arp_notify=1")
                .succeeded();
        try (Running wrk = lab.client().start("wrk -t1 -c32 -d5s --timeout 5s http://" + way.url() + "/")) {
            Await.pause(Duration.ofSeconds(2));
            lab.server(1).run("ip link set eth0 address 02:00:00:00:77:01").succeeded();
            assertThat(wrk.awaitExit(Duration.ofSeconds(30))).isZero();
            Wrk.read(wrk.printed()).assertNothingFailed();
        }
    }

    /** Beyond the gateway links carry less: it says so to the virtual address, and the servers hear of it in their own family's words. */
    private static void smallerPath(Lab lab, Way way, Download download) {
        for (int mtu : new int[] {1400, 1280}) {
            lab.gateway().run("ip link set inside mtu " + mtu).succeeded();
            download.assertArrives(way.url(), 1);
        }
        int told = 1280 + (way == Way.NAT64 ? -20 : way == Way.NAT46 ? 20 : 0);
        String family = way.ipv6Servers() ? "-6 " : "";
        String heard = lab.server(1)
                        .run("ip " + family + "route get " + way.lip)
                        .succeeded()
                + lab.server(2).run("ip " + family + "route get " + way.lip).succeeded();
        assertThat(heard).as("what the servers were told").contains("mtu " + told);
    }
}

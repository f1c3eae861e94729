package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdpvs.e2e.Lab.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** VLAN devices: on one interface towards a switch, on two bonds, and on two interfaces towards kernels that hand over large segments. */
class VlanTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** VLAN 96 towards the clients, 229 towards the servers, both by dpdk0. */
    @ParameterizedTest
    @ValueSource(ints = 2)
    void oneInterfaceCarriesBothSides(int workers) {
        try (Lab lab = Lab.trunk();
                Dpvs dpvs = Dpvs.start(
                        lab,
                        Configuration.oneDevice("dpdk0").workers(workers),
                        "--",
                        "--port",
                        "dpdk0=packet:dpdk0,exclusive")) {
            lab.startWebServers();
            dpvs.type("dpip vlan add link dpdk0 id 96", "dpip vlan add servers link dpdk0 proto 802.1q id 229");
            typeService(dpvs, "dpdk0.96", "servers", 80, 2);
            assertThat(lab.client().run("ping -c3 -i0.2 10.0.96.204").succeeded())
                    .contains(" 3 received");
            assertThat(lab.client().curl("10.0.96.204") + lab.client().curl("10.0.96.204"))
                    .contains("This is rs1.", "This is rs2.", "Your IP and port is 192.168.229.204:");
            Wrk.read(lab.client().run("wrk -t1 -c8 -d2s http://10.0.96.204/").succeeded())
                    .assertNothingFailed();
            Outcome listed = dpvs.dpip("vlan show");
            listed.succeeded();
            assertThat(listed.output()).isEmpty();
            assertThat(listed.errors())
                    .isEqualTo("dpdk0.96 link dpdk0 proto 802.1q id 96\nservers link dpdk0 proto 802.1q id 229\n");
            assertThat(dpvs.dpip("link show").succeeded())
                    .containsSubsequence("1: dpdk0: ", "2: dpdk0.96: ", "UP 10000 Mbps", "3: servers: ");
            assertThat(dpvs.dpip("route show dev servers").succeeded()).contains("192.168.229.0/24");

            Outcome refused = dpvs.dpip("vlan del servers");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.errors()).contains("resource busy", "192.168.229.204", "--del-laddr");
            dpvs.type("ipvsadm -C", "dpip vlan del servers", "dpip vlan del link dpdk0 id 96");
            assertThat(dpvs.dpip("addr show").succeeded()).doesNotContain("10.0.96.204");
            long unknown = dpvs.drops("unknown-vlan");
            lab.gateway().run("ip neigh flush all").succeeded();
            assertThat(lab.client().run("ping -c2 -i0.2 -W1 10.0.96.204").exitCode())
                    .isNotZero();
            assertThat(dpvs.drops("unknown-vlan")).isGreaterThan(unknown);
            assertThat(dpvs.drops("internal-error")).isZero();
        }
    }

    @Soak
    @ParameterizedTest
    @ValueSource(ints = 1)
    void oneInterfaceCarriesBothSidesOfOneWorker(int workers) {
        oneInterfaceCarriesBothSides(workers);
    }

    /** Two bonds to trunks by LACP; its messages have no tag. A cable of each is pulled and plugged in again under load. */
    @Test
    void bondsCarryVlans() {
        try (Lab lab = Lab.bond("lacp", "--vlans");
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoBonds(4).workers(2))) {
            var bonds = new Bonds(lab, dpvs, 4);
            bonds.settle();
            lab.startWebServers();
            dpvs.type("dpip vlan add link bond2 id 96", "dpip vlan add link bond1 id 229");
            typeService(dpvs, "bond2.96", "bond1.229", 80, 2);
            assertThat(lab.client().run("ping -c3 -i0.2 10.0.96.204").succeeded())
                    .contains(" 3 received");
            assertThat(lab.client().curl("10.0.96.204") + lab.client().curl("10.0.96.204"))
                    .contains("This is rs1.", "This is rs2.", "Your IP and port is 192.168.229.204:");
            try (Running wrk = lab.client().start("nice -n 10 wrk -t1 -c16 -d60s --timeout 10s http://10.0.96.204/")) {
                for (Side side : Side.values()) {
                    bonds.assertSlavesCarry(side);
                    bonds.pullAndPlug(side, side.slaves().getFirst());
                }
                Wrk.end(wrk).assertNothingFailed();
            }
            assertThat(dpvs.dpip("link show bond2.96").succeeded()).contains("UP 20000 Mbps");
            assertThat(dpvs.drops("unknown-vlan")).isZero();
            assertThat(dpvs.drops("internal-error")).isZero();
        }
    }

    /** Tags beside the frames, segments of 64 KB and missing checksums, both ways, and nothing resent for being wrong. */
    @ParameterizedTest
    @ValueSource(ints = 2)
    void largeSegmentsKeepTheirTags(int workers) {
        try (Lab lab = Lab.twoArm();
                Running outside = tag(lab.gateway(), "outside", 96);
                Running rs1 = tag(lab.server(1), "eth0", 229);
                Running rs2 = tag(lab.server(2), "eth0", 229);
                Dpvs dpvs = Dpvs.start(
                        lab,
                        Configuration.twoArm().workers(workers),
                        "--",
                        "--port",
                        "dpdk0=packet:dpdk0,exclusive",
                        "--port",
                        "dpdk2=packet:dpdk2,exclusive")) {
            for (Running tagging : List.of(outside, rs1, rs2)) {
                assertThat(tagging.isAlive()).isTrue();
            }
            lab.startWebServers();
            dpvs.type("dpip vlan add link dpdk2 id 96", "dpip vlan add link dpdk0 id 229");
            typeService(dpvs, "dpdk2.96", "dpdk0.229", 80, 2);
            Download.of(lab, 64).assertArrives("10.0.96.204", 2);
            dpvs.type("ipvsadm -C");
            typeService(dpvs, "dpdk2.96", "dpdk0.229", 5201, 1);
            for (String way : List.of("", " -R")) {
                Host receiver = way.isEmpty() ? lab.server(1) : lab.client();
                try (Running server = lab.server(1).start("iperf3 -s -1 --forceflush")) {
                    server.awaitPrinted("Server listening", PATIENCE);
                    long bytes = statistic(receiver, "rx_bytes");
                    long frames = statistic(receiver, "rx_packets");
                    lab.client().run("iperf3 -c 10.0.96.204 -t 2" + way).succeeded();
                    bytes = statistic(receiver, "rx_bytes") - bytes;
                    frames = statistic(receiver, "rx_packets") - frames;
                    assertThat(bytes / frames)
                            .as("bytes of a frame, %d of them%s", frames, way)
                            .isGreaterThan(5000);
                }
            }
            for (Host host : List.of(lab.client(), lab.server(1))) {
                assertThat(host.run("nstat -asz TcpInCsumErrors").counter("TcpInCsumErrors"))
                        .isZero();
            }
            assertThat(dpvs.drops("internal-error")).isZero();
        }
    }

    @Soak
    @ParameterizedTest
    @ValueSource(ints = 1)
    void largeSegmentsOfOneWorkerKeepTheirTags(int workers) {
        largeSegmentsKeepTheirTags(workers);
    }

    /** The kernel beside dpvs in the VLAN towards the clients, and in none towards the servers, whose device has too long a name. */
    @Test
    void theKernelHasAnInterfaceInAVlan() {
        Configuration configuration = new Configuration(
                List.of(new Configuration.DeviceBlock("dpdk0", List.of("kni_name dpdk0.kni"))),
                List.of(),
                1,
                List.of(),
                "");
        try (Lab lab = Lab.trunk()) {
            try (Dpvs dpvs = Dpvs.start(lab, configuration)) {
                lab.startWebServers();
                dpvs.type("dpip vlan add link dpdk0 id 96");
                assertThat(dpvs.dpip("vlan add servers-of-229 link dpdk0 id 229")
                                .errors())
                        .contains("warning", "servers-of-229.kni", "at most 11");
                assertThat(lab.dpvs().macAddress("dpdk0.96.kni"))
                        .isEqualTo(lab.dpvs().macAddress("dpdk0"));
                for (String command : List.of(
                        "ip link set dpdk0.96.kni up",
                        "ip address add 10.0.96.200/24 dev dpdk0.96.kni",
                        "ip route add default via 10.0.96.254 dev dpdk0.96.kni")) {
                    lab.dpvs().run(command).succeeded();
                }
                typeService(dpvs, "dpdk0.96", "servers-of-229", 80, 2);
                assertKernelAnswers(lab);
                assertThat(lab.client().curl("10.0.96.204") + lab.client().curl("10.0.96.204"))
                        .contains("This is rs1.", "This is rs2.");
                try (Running server = lab.dpvs().start("iperf3 -s -1 --forceflush")) {
                    server.awaitPrinted("listening", PATIENCE);
                    lab.client().run("iperf3 -c 10.0.96.200 -n 16M").succeeded();
                }
                try (Running server = lab.dpvs().start("iperf3 -s -1 --forceflush")) {
                    server.awaitPrinted("listening", PATIENCE);
                    lab.client().run("iperf3 -c 10.0.96.200 -R -n 16M").succeeded();
                }
                assertVrrpArrives(lab);
                assertThat(dpvs.dpvsctl("status").succeeded()).containsPattern("dpdk0\\.96\\.kni +dpdk0\\.96 ");
                assertThat(dpvs.dpip("addr add 10.0.96.200/32 dev dpdk0.96").errors())
                        .contains("kernel interface of dpdk0.96");
            }
            // It stays over a restart, and is taken again with its address.
            try (Dpvs dpvs = Dpvs.start(lab, configuration)) {
                assertThat(lab.dpvs().run("ip address show dev dpdk0.96.kni").succeeded())
                        .contains("NO-CARRIER", "inet 10.0.96.200/24");
                dpvs.type("dpip vlan add link dpdk0 id 96");
                assertKernelAnswers(lab);
                dpvs.type("dpip vlan del dpdk0.96");
                assertThat(lab.dpvs().run("ip link show dpdk0.96.kni").exitCode())
                        .isNotZero();
                dpvs.type("dpip vlan add link dpdk0 id 96");
                assertThat(lab.dpvs().run("ip address show dev dpdk0.96.kni").succeeded())
                        .doesNotContain("10.0.96.200");
                assertThat(dpvs.drops("internal-error")).isZero();
            }
        }
    }

    private static void assertKernelAnswers(Lab lab) {
        assertThat(lab.gateway().run("ping -c3 -i0.2 -W2 10.0.96.200").succeeded())
                .contains(" 3 received");
        assertThat(lab.gateway().run("ip neigh show 10.0.96.200").succeeded())
                .contains(lab.dpvs().macAddress("dpdk0"));
    }

    /** Hellos of the link, without their tag, at the interface of their VLAN. */
    private static void assertVrrpArrives(Lab lab) {
        try (Running seen = lab.dpvs().start("tcpdump -lnn -i dpdk0.96.kni ip proto 112")) {
            seen.awaitPrinted("listening", PATIENCE);
            Await.until(
                    PATIENCE,
                    () -> {
                        lab.gateway()
                                .shell(
                                        PATIENCE,
                                        "echo hello | socat -u STDIN IP4-SENDTO:224.0.0.18:112,ip-multicast-if=10.0.96.254")
                                .succeeded();
                        return seen.printed().contains("10.0.96.254 > 224.0.0.18");
                    },
                    () -> "VRRP in the VLAN at the kernel's interface");
        }
    }

    @Test
    void aSharedInterfaceHasNoVlans() {
        try (Lab lab = Lab.oneArm();
                Dpvs dpvs = Dpvs.start(lab, Configuration.oneDevice("eth0"))) {
            Outcome refused = dpvs.dpip("vlan add link eth0 id 102");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.errors())
                    .startsWith("dpip: not support: device eth0 is shared with the kernel")
                    .contains("exclusive");
        }
    }

    private static Running tag(Host host, String networkInterface, int id) {
        Path script = Path.of("src/test/scripts/vlan-tag.py").toAbsolutePath();
        Running running = host.start("python3 " + script + " " + networkInterface + " " + id);
        running.awaitPrinted("ready", PATIENCE);
        return running;
    }

    private static long statistic(Host host, String name) {
        return Long.parseLong(host.run("cat /sys/class/net/eth0/statistics/" + name)
                .succeeded()
                .strip());
    }

    private static void typeService(Dpvs dpvs, String wan, String lan, int port, int servers) {
        if (!dpvs.dpip("addr show").succeeded().contains("10.0.96.204")) {
            dpvs.type(
                    "dpip addr add 10.0.96.204/32 dev " + wan,
                    "dpip route add 10.0.96.0/24 dev " + wan,
                    "dpip route add 192.168.229.0/24 dev " + lan,
                    "dpip route add default via 10.0.96.254 dev " + wan);
        }
        String service = "-t 10.0.96.204:" + port;
        dpvs.type(
                "ipvsadm -A " + service + " -s rr", "ipvsadm --add-laddr -z 192.168.229.204 " + service + " -F " + lan);
        for (int i = 1; i <= servers; i++) {
            dpvs.type("ipvsadm -a " + service + " -r 192.168.229." + i + ":" + port + " -b");
        }
    }
}

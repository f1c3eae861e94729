package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The kernel beside dpvs on the device towards the clients: its interface dpdk2.kni with 10.0.96.200. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KernelInterfaceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Pattern PINGED = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

    private static final int FROM_KERNEL = 3;
    private static final int MISSED = 7;

    private static final Configuration CONFIGURATION = new Configuration(
            List.of(
                    new Configuration.DeviceBlock("dpdk0", List.of()),
                    new Configuration.DeviceBlock("dpdk2", List.of("kni_name dpdk2.kni"))),
            List.of(),
            1,
            List.of(),
            "");

    /** Most tests share a dpvs and the kernel's set-up beside it; those that start dpvs themselves have a lab of their own. */
    private Lab lab;

    private Dpvs dpvs;

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        lab.startWebServers();
        dpvs = startDpvs(lab);
        configureKernel(lab);
    }

    @AfterAll
    void stop() {
        Closing.all(dpvs, lab);
    }

    private static Dpvs startDpvs(Lab lab) {
        Dpvs dpvs = Dpvs.start(lab, CONFIGURATION);
        dpvs.typeHowTo();
        return dpvs;
    }

    private static void configureKernel(Lab lab) {
        for (String command : List.of(
                "ip link set dpdk2.kni up",
                "ip address add 10.0.96.200/24 dev dpdk2.kni",
                "ip route add default via 10.0.96.254 dev dpdk2.kni")) {
            lab.dpvs().run(command).succeeded();
        }
    }

    private static void assertPings(Host host, String address) {
        assertThat(host.run("ping -c3 -i0.2 -W2 " + address).succeeded()).contains(" 3 received");
    }

    @Test
    void theKernelIsReachedByItsOwnAddressAndDpvsByTheVip() {
        assertThat(lab.dpvs().macAddress("dpdk2.kni")).isEqualTo(lab.dpvs().macAddress("dpdk2"));
        assertPings(lab.gateway(), "10.0.96.200");
        assertPings(lab.client(), "10.0.96.200");
        assertPings(lab.dpvs(), "172.16.0.1");
        assertThat(lab.gateway().run("ip neigh show 10.0.96.200").succeeded())
                .contains(lab.dpvs().macAddress("dpdk2"));
        assertThat(lab.dpvs().run("ip neigh show 10.0.96.254 dev dpdk2.kni").succeeded())
                .contains("lladdr");
        // An address that the kernel does not have: dpvs answers.
        assertPings(lab.client(), "10.0.96.204");
        assertThat(lab.client().curl("10.0.96.204")).contains("This is rs");
        try (Ssh ssh = Ssh.open(lab, "10.0.96.200")) {
            ssh.assertAnswers("beside dpvs");
        }
        assertThat(dpvs.dpip("route show").succeeded()).doesNotContain("10.0.96.200", "kni_host");
        Outcome refused = dpvs.dpip("addr add 10.0.96.200/32 dev dpdk2");
        assertThat(refused.errors()).contains("10.0.96.200", "kernel interface of dpdk2");
        assertThat(dpvs.dpvsctl("status").succeeded()).contains("dpdk2.kni");
    }

    @Test
    void segmentsOfTheKernelsPassWhole() {
        long before = ofKernelInterface(FROM_KERNEL);
        try (Running server = lab.dpvs().start("iperf3 -s -1 --forceflush")) {
            server.awaitPrinted("listening", PATIENCE);
            long megabytes = 64;
            lab.client().run("iperf3 -c 10.0.96.200 -R -n " + megabytes + "M").succeeded();
            long frames = ofKernelInterface(FROM_KERNEL) - before;
            assertThat(frames)
                    .as("frames for %d MB", megabytes)
                    .isBetween(megabytes << 20 >> 16, megabytes << 20 >> 12);
        }
    }

    /** A column of {@code dpvsctl status}. */
    private long ofKernelInterface(int column) {
        return dpvs.dpvsctl("status")
                .succeeded()
                .lines()
                .map(line -> line.split(" +"))
                .filter(words -> words[0].equals("dpdk2.kni"))
                .mapToLong(words -> Long.parseLong(words[column]))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void groupsBeyondTheLinkReachWhoJoinedThem() {
        try (Running listener =
                lab.dpvs().start("socat -u UDP4-RECV:5000,ip-add-membership=239.1.2.3:10.0.96.200 STDOUT")) {
            Await.until(
                    PATIENCE,
                    () -> {
                        lab.gateway()
                                .shell(
                                        PATIENCE,
                                        "echo hello | socat -u STDIN UDP4-DATAGRAM:239.1.2.3:5000,ip-multicast-if=10.0.96.254")
                                .succeeded();
                        return listener.printed().contains("hello");
                    },
                    () -> "the group's datagram at the kernel; dpvs printed "
                            + dpvs.process().printed());
        }
    }

    /** Each packet of the flood meets a worker that has no time; the kernel's have a way of their own. */
    @Test
    void aFloodOfSynsCostsTheKernelNoPacket() {
        long before = dpvs.drops("receive-missed") + dpvs.drops("syn-flood");
        assertPings(lab.gateway(), "10.0.96.200");
        for (int port : List.of(80, 81)) {
            try (Running flood =
                    lab.client().start("timeout 8 hping3 -q --flood --rand-source -S -p " + port + " 10.0.96.204")) {
                Await.pause(Duration.ofSeconds(1));
                String pinged =
                        lab.gateway().run("ping -q -i0.1 -c50 -W2 10.0.96.200").output();
                assertThat(flood.isAlive())
                        .as("the flood of port %d goes on", port)
                        .isTrue();
                Matcher counts = PINGED.matcher(pinged);
                assertThat(counts.find()).as(pinged).isTrue();
                assertThat(counts.group(2))
                        .as("answers during the flood of port %d: %s", port, pinged)
                        .isEqualTo(counts.group(1));
            }
        }
        assertThat(dpvs.drops("receive-missed") + dpvs.drops("syn-flood")).isGreaterThan(before);
    }

    /** What fills the ring of the kernel's other frames touches no virtual router: a backup that hears nothing would be a second master. */
    @Test
    void aFloodToTheKernelsAddressCostsNoAdvert() {
        Path script = Path.of("src/test/scripts/vrrp-adverts.py").toAbsolutePath();
        assertPings(lab.gateway(), "10.0.96.200");
        long missedBefore = ofKernelInterface(MISSED);
        try (Capture device = Capture.start(lab.dpvs(), "dpdk2", "ip proto 112");
                Capture kernel = Capture.start(lab.dpvs(), "dpdk2.kni", "ip proto 112");
                Running flood = lab.client().start("timeout 5 hping3 -q --flood --udp -p 9 --rand-source 10.0.96.200");
                Running adverts = lab.gateway().start("python3 " + script + " 10.0.96.254 10 4")) {
            adverts.awaitPrinted("sent ", PATIENCE);
            flood.awaitExit(PATIENCE);
            List<List<String>> arrived = device.packets("vrrp", "ip.id");
            System.out.printf(
                    "a flood to the kernel's address: %s, %d adverts at dpdk2, %d frames missed%n",
                    adverts.printed().strip(), arrived.size(), ofKernelInterface(MISSED) - missedBefore);
            assertThat(arrived).hasSizeGreaterThan(13);
            assertThat(kernel.packets("vrrp", "ip.id")).isEqualTo(arrived);
        }
        assertThat(ofKernelInterface(MISSED) - missedBefore)
                .as("frames of the flood that were too many")
                .isPositive();
    }

    @Test
    void addressesSurviveARestartOfDpvs() {
        try (Lab lab = Lab.twoArm()) {
            try (Dpvs dpvs = startDpvs(lab)) {
                configureKernel(lab);
                assertPings(lab.gateway(), "10.0.96.200");
                dpvs.process().signal("TERM");
                assertThat(dpvs.process().awaitExit(PATIENCE)).isZero();
            }
            assertThat(lab.dpvs().run("ip address show dev dpdk2.kni").succeeded())
                    .contains("NO-CARRIER", "inet 10.0.96.200/24");
            try (Dpvs dpvs = startDpvs(lab)) {
                assertPings(lab.gateway(), "10.0.96.200");
                assertThat(dpvs.dpip("addr add 10.0.96.200/32 dev dpdk2").errors())
                        .contains("kernel interface");
                lab.dpvs().run("ip address del 10.0.96.200/24 dev dpdk2.kni").succeeded();
                Await.until(
                        PATIENCE,
                        () -> dpvs.dpip("addr add 10.0.96.200/32 dev dpdk2")
                                .errors()
                                .isEmpty(),
                        () -> "dpvs to take the address that the kernel gave up");
                assertPings(lab.gateway(), "10.0.96.200");
            }
        }
    }

    @Test
    void anInterfaceThatIsRemovedComesBackByItself() {
        assertPings(lab.gateway(), "10.0.96.200");
        lab.dpvs().run("ip link del dpdk2.kni").succeeded();
        Await.until(
                PATIENCE,
                () -> lab.dpvs().run("ip link show dpdk2.kni").exitCode() == 0,
                () -> "dpdk2.kni to come back; dpvs printed " + dpvs.process().printed());
        assertThat(lab.dpvs().macAddress("dpdk2.kni")).isEqualTo(lab.dpvs().macAddress("dpdk2"));
        configureKernel(lab);
        assertPings(lab.gateway(), "10.0.96.200");
        assertThat(dpvs.process().printed()).contains("dpdk2.kni of device dpdk2 was removed", "was made again");
    }

    /** The kernel has no VIP and would lose the probes in silence. */
    @Test
    void tracerouteByUdpEndsAtTheVip() {
        assertThat(lab.client().run("traceroute -n -q1 -w2 -m4 10.0.96.204").succeeded())
                .containsPattern("(?m)^ *2  10\\.0\\.96\\.204 ");
        lab.dpvs().run("ip link set lo up").succeeded();
        lab.dpvs().run("ip address add 10.0.96.204/32 dev lo").succeeded();
        try (Running served = lab.dpvs().start("socat -u UDP4-RECV:5000 STDOUT")) {
            Await.until(
                    PATIENCE,
                    () -> {
                        Outcome ignored = lab.gateway()
                                .shell(PATIENCE, "echo hello | socat -u STDIN UDP4-DATAGRAM:10.0.96.204:5000");
                        return served.printed().contains("hello");
                    },
                    () -> "a datagram to the VIP that the kernel has too; dpvs printed "
                            + dpvs.process().printed());
        } finally {
            lab.dpvs().run("ip address del 10.0.96.204/32 dev lo").succeeded();
        }
    }

    @Test
    void forward2kniShowsWhatIsBalanced() {
        dpvs.type("dpip link set dpdk2 forward2kni on");
        assertThat(dpvs.dpip("link show dpdk2").succeeded()).contains("foward2kni");
        try (Running seen = lab.dpvs().start("tcpdump -lnn -i dpdk2.kni tcp port 80")) {
            seen.awaitPrinted("listening", PATIENCE);
            lab.client().curl("10.0.96.204");
            seen.awaitPrinted("172.16.0.1", PATIENCE);
            seen.awaitPrinted("10.0.96.204.80 > 172.16.0.1", PATIENCE);
        }
        dpvs.type("dpip link set dpdk2 forward2kni off");
        assertThat(dpvs.dpip("link show dpdk2").succeeded()).doesNotContain("foward2kni");
    }

    @Test
    void anInterfaceWithAddressesIsNotTakenWithoutAWord() {
        try (Lab lab = Lab.twoArm()) {
            lab.dpvs().run("ip address add 10.0.96.10/24 dev dpdk2").succeeded();
            try (Dpvs dpvs = Dpvs.launch(lab.dpvs(), CONFIGURATION.text())) {
                assertThat(dpvs.process().awaitExit(PATIENCE)).isEqualTo(1);
                assertThat(dpvs.process().printed()).contains("dpdk2", "10.0.96.10", "packet:dpdk2,exclusive");
            }
        }
    }
}

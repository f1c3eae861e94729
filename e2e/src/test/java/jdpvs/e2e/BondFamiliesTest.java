package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import jdpvs.e2e.Lab.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients of IPv6 over two bonds: neighbour discovery, traffic by both slaves, and cables that fail under it. */
class BondFamiliesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int LONGEST_SECONDS = 60;

    @ParameterizedTest
    @CsvSource({"SIX, 2", "NAT64, 1"})
    void aPulledCableIsNotFelt(Way way, int workers) {
        try (Lab lab = Lab.bond("lacp", "--ipv6");
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoBonds(4).workers(workers))) {
            var bonds = new Bonds(lab, dpvs, 4);
            bonds.settle();
            begin(lab, dpvs, way);
            assertThat(lab.client().run("ping -6 -c3 -i0.2 " + way.vip).succeeded())
                    .contains(" 3 received");
            assertNeighbours(lab, dpvs, way);
            try (Running wrk = wrk(lab, way)) {
                for (Side side : Side.values()) {
                    bonds.assertSlavesCarry(side);
                    bonds.pullAndPlug(side, side.slaves().get(workers - 1));
                }
                Wrk.end(wrk).assertNothingFailed();
            }
            assertNeighbours(lab, dpvs, way);
            assertThat(dpvs.drops("internal-error")).isZero();
        }
    }

    @Soak
    @ParameterizedTest
    @CsvSource({"SIX, 1", "NAT64, 2"})
    void aPulledCableIsNotFeltInOtherCombinations(Way way, int workers) {
        aPulledCableIsNotFelt(way, workers);
    }

    /** Active-backup: the switches, which agreed to nothing, hear from an unsolicited advertisement where the address is now (RFC 4861 §7.2.6). */
    @Test
    void theOtherSlaveTellsWhereAnAddressIs() {
        try (Lab lab = Lab.bond("plain", "--ipv6");
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoBonds(1))) {
            var bonds = new Bonds(lab, dpvs, 1);
            bonds.settle();
            begin(lab, dpvs, Way.SIX);
            // The announcements of new addresses are over, so that what comes is the change's.
            Await.pause(Duration.ofSeconds(4));
            try (Running wrk = wrk(lab, Way.SIX);
                    Capture gateway = Capture.start(lab.gateway(), "outside", "icmp6");
                    Capture server = Capture.start(lab.server(1), "eth0", "icmp6")) {
                for (Side side : Side.values()) {
                    bonds.pullAndPlug(side, side.slaves().get(0));
                }
                assertAnnounced(gateway, Way.SIX.vip);
                assertAnnounced(server, Way.SIX.lip);
                Wrk.end(wrk).assertNothingFailed();
            }
            // What bridges flood came to the backups as well.
            assertThat(dpvs.drops("unused-slave")).isPositive();
            assertThat(dpvs.drops("receive-error")).isZero();
            assertThat(dpvs.drops("internal-error")).isZero();
        }
    }

    /** Away from the primary and back to it. */
    private static void assertAnnounced(Capture capture, String address) {
        List<List<String>> packets = capture.packets(
                "icmpv6.type == 136 && ipv6.dst == ff02::1 && icmpv6.nd.na.target_address == " + address,
                "icmpv6.nd.na.flag.s",
                "icmpv6.nd.na.flag.o");
        assertThat(packets).as("unsolicited advertisements of %s", address).hasSizeGreaterThanOrEqualTo(2);
        assertThat(packets).allSatisfy(flags -> {
            assertThat(flags.get(0)).as("solicited").isIn("0", "False");
            assertThat(flags.get(1)).as("override").isIn("1", "True");
        });
    }

    private static void begin(Lab lab, Dpvs dpvs, Way way) {
        lab.startWebServers("--ipv6");
        way.network(dpvs, "bond2", "bond1");
        way.service(dpvs, "-t", 80, 2, "bond1");
        // Duplicate address detection takes a second.
        for (String page : List.of("This is rs1.", "This is rs2.")) {
            Await.until(
                    PATIENCE,
                    () -> curl(lab, way).contains(page),
                    () -> "a page with: " + page + " There is " + curl(lab, way));
        }
    }

    /** Whichever slave asks or answers: a bond has one MAC address. */
    private static void assertNeighbours(Lab lab, Dpvs dpvs, Way way) {
        String wan = dpvs.dpip("link show bond2").succeeded().toLowerCase(Locale.ROOT);
        String known = lab.gateway()
                .run("ip -6 neigh show " + way.vip + " dev outside")
                .succeeded();
        String macAddress = known.replaceFirst("(?s).*lladdr (\\S+).*", "$1");
        assertThat(wan).as("what the gateway knows: %s", known).contains("addr " + macAddress);
        String gateway = lab.gateway().macAddress("outside");
        assertThat(dpvs.dpip("neigh show").succeeded().lines())
                .anySatisfy(line -> assertThat(line).contains("ip: 2001::1 ", gateway, "dev: bond2"))
                .anySatisfy(line -> assertThat(line)
                        .contains(
                                way.server.replaceAll("[\\[\\]]", ""),
                                lab.server(1).macAddress("eth0"),
                                "dev: bond1"));
    }

    private static String curl(Lab lab, Way way) {
        return lab.client()
                .run("curl -sS --max-time 3 -g http://" + way.url() + "/")
                .output();
    }

    private static Running wrk(Lab lab, Way way) {
        return lab.client()
                .start("nice -n 10 wrk -t1 -c16 -d" + LONGEST_SECONDS + "s --timeout 10s http://" + way.url() + "/");
    }
}

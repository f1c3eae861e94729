package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** docs/guide/ecmp.md with FRRouting: two balancers announce one address by BGP over their kernel interfaces, and a router spreads connections over both. OSPF beside it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EcmpTest {
    private static final String VIP = "10.0.97.204";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Three times the hold time of 3 s. */
    private static final Duration GONE = Duration.ofSeconds(9);

    private static final int FLOOD_SECONDS = 4;
    private static final int CONNECTS = 40;
    private static final int HELD = 32;

    private Lab lab;
    private Balancer first;
    private Balancer second;

    @BeforeAll
    void start() {
        lab = Lab.ecmp();
        first = Balancer.launch(lab, 1);
        second = Balancer.launch(lab, 2);
        lab.startWebServers();
        String ospf = Guide.block(Balancer.GUIDE, "ospf");
        lab.startRouting(lab.gateway(), "bgpd", Guide.block(Balancer.GUIDE, "router"));
        lab.startRouting(
                lab.gateway(), "ospfd", ospf.replace("dpdk2.kni", "outside").replace("10.0.96.201", "10.0.96.254"));
        for (Balancer balancer : balancers()) {
            balancer.typeServices();
            balancer.typeAddress();
            balancer.startBgp();
        }
        first.startOspf();
        balancers().forEach(Balancer::announce);
    }

    @AfterAll
    void stop() {
        Closing.all(first, second, lab);
    }

    private List<Balancer> balancers() {
        return List.of(first, second);
    }

    private String nextHops() {
        return lab.gateway().run("ip route show " + VIP).succeeded();
    }

    /** The router's only next hops are these. */
    private void awaitNextHops(Duration limit, Balancer... wanted) {
        List<Balancer> there = List.of(wanted);
        Await.until(
                limit,
                () -> {
                    String hops = nextHops();
                    return balancers().stream()
                            .allMatch(one -> hops.contains("via " + one.address()) == there.contains(one));
                },
                () -> "the router's way by "
                        + there.stream().map(Balancer::address).toList() + ":\n" + nextHops());
    }

    /** Each of many new connections is answered. */
    private void assertNewConnectionsSucceed() {
        String answers = lab.client()
                .shell(PATIENCE, "seq " + CONNECTS + " | xargs -P 4 -I{} curl -sS --max-time 10 http://" + VIP + "/")
                .succeeded();
        assertThat(answers.lines().filter(line -> line.startsWith("This is rs")))
                .as(answers)
                .hasSize(CONNECTS);
        assertThat(answers).contains("This is rs1.", "This is rs2.");
    }

    private void assertBothGetConnections() {
        List<Long> before = balancers().stream().map(Balancer::connections).toList();
        assertNewConnectionsSucceed();
        long ofFirst = first.connections() - before.get(0);
        long ofSecond = second.connections() - before.get(1);
        assertThat(ofFirst).as("connections by the first").isBetween(1L, CONNECTS - 1L);
        assertThat(ofFirst + ofSecond).isEqualTo(CONNECTS);
    }

    @Test
    void hellosAndSessionsLiveThroughAFlood() {
        List<Long> lost = balancers().stream().map(Balancer::lostForKernel).toList();
        // What is served, and what workers leave to the kernel.
        assertHellosLiveThrough("--rand-source -S -p 80 " + VIP, "--rand-source -S -p 81 " + VIP);
        assertThat(balancers().stream().map(Balancer::lostForKernel).toList()).isEqualTo(lost);
        for (Balancer balancer : balancers()) {
            assertThat(balancer.dpvs().drops("receive-missed") + balancer.dpvs().drops("syn-flood"))
                    .as(
                            "frames of the flood that %s had no time for",
                            balancer.host().name())
                    .isPositive();
        }
        assertBothGetConnections();
    }

    /** More than the thread beside the workers can carry: the rest of the flood is lost, and nothing else. */
    @Test
    void hellosAndSessionsLiveThroughAFloodToTheKernel() {
        awaitNextHops(PATIENCE, first, second);
        long lost = first.lostForKernel();
        assertHellosLiveThrough("--rand-source --udp -p 9 " + first.address(), "--udp -p 9 " + first.address());
        assertThat(first.lostForKernel()).isGreaterThan(lost);
        awaitNextHops(PATIENCE, first, second);
    }

    /** @param floods what hping3 sends, one after the other */
    private void assertHellosLiveThrough(String... floods) {
        awaitNextHops(PATIENCE, first, second);
        Await.until(PATIENCE, () -> ospf().contains("\"nbrState\":\"Full"), () -> "full OSPF neighbours: " + ospf());
        List<String> transitions = transitions();
        try (Capture router = Hellos.atRouter(lab);
                Hellos ofFirst = Hellos.between(router, first);
                Hellos ofSecond = Hellos.between(router, second)) {
            for (String what : floods) {
                try (Running flood = lab.client().start("timeout " + FLOOD_SECONDS + " hping3 -q --flood " + what)) {
                    flood.awaitExit(Duration.ofSeconds(3L * FLOOD_SECONDS));
                }
            }
            double end = Hellos.nowSeconds();
            int seconds = floods.length * FLOOD_SECONDS;
            for (Hellos.Fate fate : Stream.of(ofFirst, ofSecond)
                    .flatMap(hellos -> hellos.fates(end).stream())
                    .toList()) {
                System.out.printf("during %d s of flood by %s, %s%n", seconds, floods[0], fate);
                assertThat(fate.within()).as("%s", fate).isZero();
                if (!fate.what().equals("OSPF from " + second.address())) {
                    // One each second.
                    assertThat(fate.sent()).as("%s", fate).isGreaterThan(seconds / 3);
                }
            }
        }
        assertThat(transitions()).isEqualTo(transitions);
        assertThat(ospf()).contains("\"nbrState\":\"Full");
    }

    private String ospf() {
        return lab.askRouting(lab.gateway(), "show ip ospf neighbor detail json");
    }

    /** How often BGP's sessions came and went and how often OSPF's neighbours changed their state, as the router counts. */
    private List<String> transitions() {
        String said = lab.askRouting(lab.gateway(), "show bgp neighbors json") + ospf();
        List<String> counts = Pattern.compile("\"(connectionsEstablished|connectionsDropped|stateChangeCounter)\":\\d+")
                .matcher(said)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(counts).as(said).hasSize(5);
        return counts;
    }

    @Test
    void whatIsWithdrawnGetsNoNewConnection() {
        awaitNextHops(PATIENCE, first, second);
        first.withdraw();
        awaitNextHops(PATIENCE, second);
        long before = first.connections();
        assertNewConnectionsSucceed();
        assertThat(first.connections()).isEqualTo(before);
        first.announce();
        awaitNextHops(PATIENCE, first, second);
        assertBothGetConnections();
    }

    @Test
    void aBalancerDiesAndComesBack() {
        awaitNextHops(PATIENCE, first, second);
        Path script = Path.of("src/test/scripts/held-connections.py").toAbsolutePath();
        try (Running held = lab.client().start("python3 " + script + " " + VIP + " 80 " + HELD)) {
            held.awaitPrinted("opened: answered " + HELD, PATIENCE);
            long doomed = first.established();
            long safe = second.established();
            assertThat(List.of(doomed, safe)).allMatch(number -> number > 0);
            assertThat(doomed + safe).isEqualTo(HELD);

            long killed = System.nanoTime();
            first.kill();
            assertThat(first.host().run("ip link show dev dpdk2.kni").succeeded())
                    .contains("NO-CARRIER");
            awaitNextHops(GONE, second);
            System.out.printf(
                    "the router left a killed balancer after %d ms%n", (System.nanoTime() - killed) / 1_000_000);
            assertNewConnectionsSucceed();
            held.type("killed");
            held.awaitPrinted("killed: answered %d silent %d closed 0".formatted(safe, doomed), PATIENCE);
        }

        // As docs/guide/ecmp.md has it: announced again when there is something to announce.
        first.withdraw();
        first.launchAgain();
        first.typeServices();
        assertThat(nextHops()).doesNotContain(first.address());
        first.announce();
        awaitNextHops(PATIENCE, first, second);
        assertBothGetConnections();
    }
}

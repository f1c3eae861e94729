package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * ICMP as programs meet it: path MTU, traceroute, refused ports, dead servers; for any number of workers. Behind rs1, which is a router here, stands one
 * more server:
 *
 * <pre>
 *  client ── gateway ── dpvs ── rs1 192.168.229.1, 192.168.77.1 ── far 192.168.77.2
 *      1300 bytes ^ to the client        1400 bytes ^ to far
 * </pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class IcmpContract {
    private static final String VIP = "10.0.96.204";
    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final int TRANSFERS = 4;

    private final int workers;
    private Lab lab;
    private Host far;
    private Dpvs dpvs;

    IcmpContract(int workers) {
        this.workers = workers;
    }

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        far = lab.addHostBehind("rs1", "far", "192.168.77.1/24", "192.168.77.2/24");
        lab.server(1)
                .run("ip route change 192.168.77.0/24 dev far mtu lock 1400")
                .succeeded();
        lab.gateway()
                .run("ip route change 172.16.0.0/24 dev inside mtu lock 1300")
                .succeeded();
        lab.startWebServers();
        dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers));
        dpvs.typeHowTo();
        dpvs.type("dpip route add 192.168.77.0/24 via 192.168.229.1 dev dpdk0");
        service("-t 10.0.96.204:9000", "192.168.77.2:9000");
        service("-t 10.0.96.204:9001", "192.168.229.2:9001");
        service("-t 10.0.96.204:81", "192.168.229.77:80");
        service("-u 10.0.96.204:5353", "192.168.229.2:5353");
        service("-u 10.0.96.204:5354", "192.168.77.2:5354");
    }

    @AfterAll
    void stop() {
        if (dpvs != null) {
            dpvs.close();
        }
        lab.close();
    }

    private void service(String name, String server) {
        dpvs.typeHowToService(name, "rr");
        dpvs.type("ipvsadm -a " + name + " -r " + server + " -b");
    }

    @Test
    void anUploadThroughASmallerPathCompletes() {
        String file = lab.directory().resolve("upload").toString();
        String sum = lab.client()
                .shell(SHORT, "head -c 400000 /dev/urandom > " + file + "; sha256sum < " + file)
                .succeeded();
        for (int transfer = 0; transfer < TRANSFERS; transfer++) {
            lab.client().run("ip route flush cache").succeeded();
            try (Running sink = far.start(
                    List.of("bash", "-c", "socat -u TCP-LISTEN:9000,reuseaddr - | sha256sum"),
                    lab.directory().resolve("sink-" + transfer + ".log"),
                    Map.of())) {
                Await.pause(Duration.ofMillis(300));
                lab.client()
                        .run("socat -u OPEN:" + file + " TCP:" + VIP + ":9000")
                        .succeeded();
                sink.awaitPrinted("-", SHORT);
                assertThat(sink.printed()).as("checksum of what arrived").isEqualTo(sum);
            }
            assertThat(lab.client().run("ip route get " + VIP).succeeded())
                    .as("what the client has learnt: 1400 less the option that its segments get")
                    .contains("mtu 1392");
        }
    }

    @Test
    void aDownloadThroughASmallerPathCompletes() {
        String file = lab.directory().resolve("download").toString();
        String sum = lab.server(2)
                .shell(SHORT, "head -c 400000 /dev/urandom > " + file + "; sha256sum < " + file)
                .succeeded();
        for (int transfer = 0; transfer < TRANSFERS; transfer++) {
            lab.server(2).run("ip route flush cache").succeeded();
            try (Running source = lab.server(2).start("socat -u OPEN:" + file + " TCP-LISTEN:9001,reuseaddr")) {
                Await.pause(Duration.ofMillis(300));
                assertThat(source.isAlive()).isTrue();
                assertThat(lab.client()
                                .shell(SHORT, "socat -u TCP:" + VIP + ":9001 - | sha256sum")
                                .succeeded())
                        .as("checksum of what arrived")
                        .isEqualTo(sum);
            }
            assertThat(lab.server(2).run("ip route get 192.168.229.204").succeeded())
                    .as("what the server has learnt")
                    .contains("mtu 1300");
        }
    }

    @Test
    void tracerouteReachesTheVip() {
        for (String options : List.of("", "-I ", "-T -p 80 ")) {
            List<String> hops = hops(options);
            assertThat(hops).as("traceroute %s", options).containsExactly("172.16.0.254", VIP);
        }
    }

    /** The router behind the balancer is a hop of its own, under the only address that the client knows. */
    @Test
    void tracerouteThroughTheVipShowsHopsBehindItAsTheVip() {
        try (Running server = far.start("socat -u TCP-LISTEN:9000,reuseaddr,fork OPEN:/dev/null")) {
            Await.pause(Duration.ofMillis(300));
            assertThat(server.isAlive()).isTrue();
            assertThat(hops("-T -p 9000 ")).containsExactly("172.16.0.254", VIP, VIP);
        }
        assertThat(hops("-U -p 5354 ")).containsExactly("172.16.0.254", VIP, VIP);
    }

    private List<String> hops(String options) {
        return lab.client()
                .run("traceroute -n -q1 -w2 -m5 " + options + VIP)
                .succeeded()
                .lines()
                .skip(1)
                .map(line -> line.trim().split(" +")[1])
                .toList();
    }

    @Test
    void aClosedUdpPortIsRefused() {
        for (int attempt = 0; attempt < TRANSFERS; attempt++) {
            assertRefused(5353, "the server's error, translated");
            assertRefused(5354, "the error of a server behind a router");
            assertRefused(5399, "no service");
        }
    }

    private void assertRefused(int port, String what) {
        Outcome outcome = lab.client().shell(SHORT, "echo question | socat -t3 - UDP4:" + VIP + ":" + port);
        assertThat(outcome.errors()).as("%s: %s", what, outcome).contains("Connection refused");
    }

    @Test
    void aDeadServersClientIsToldThatTheHostIsUnreachable() {
        Outcome outcome = lab.client().run("curl -sS --max-time 15 http://" + VIP + ":81/");
        assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(7);
        assertThat(outcome.errors()).containsAnyOf("No route to host", "Couldn't connect", "Failed to connect");
        assertThat(outcome.took()).isLessThan(Duration.ofSeconds(12));
    }
}

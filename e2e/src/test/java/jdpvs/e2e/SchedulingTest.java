package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Which server gets a connection, seen from outside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchedulingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Lab lab;
    private Dpvs dpvs;
    private Running echo1;
    private Running echo2;
    /** Each test has a service of its own: connections of the one before may still be closing. */
    private int port = 7000;

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        lab.startWebServers();
        echo1 = lab.server(1).peer("serve-tcp 7000");
        echo2 = lab.server(2).peer("serve-tcp 7000");
        dpvs = Dpvs.start(lab, Configuration.twoArm());
        dpvs.typeHowToNetwork();
        echo1.awaitPrinted("ready", PATIENCE);
        echo2.awaitPrinted("ready", PATIENCE);
    }

    @AfterEach
    void clear() {
        dpvs.type("ipvsadm -C");
    }

    @AfterAll
    void stop() {
        dpvs.close();
        lab.close();
    }

    @Test
    void wrrFollowsTheWeights() {
        web("wrr", "-w 3", "-w 1");
        assertThat(answersOfFirst(12)).isEqualTo(9);
    }

    @Test
    void wlcAvoidsTheBusyServer() {
        echo("wlc", "-w 1", "-w 0");
        try (Running _ = hold(10)) {
            dpvs.type("ipvsadm -e -t 10.0.96.204:" + port + " -r 192.168.229.2:7000 -b -w 1");
            try (Running _ = hold(8)) {
                assertThat(active(1)).isEqualTo(10);
                assertThat(active(2)).isEqualTo(8);
            }
        }
    }

    @Test
    void weightZeroKeepsItsConnectionsAndGetsNoNewOnes() {
        echo("rr", "-w 1", "-w 1");
        try (Running old = hold(4)) {
            assertThat(active(1)).isEqualTo(2);
            dpvs.type("ipvsadm -e -t 10.0.96.204:" + port + " -r 192.168.229.1:7000 -b -w 0");
            try (Running _ = hold(4)) {
                assertThat(active(1)).isEqualTo(2);
                assertThat(active(2)).isEqualTo(6);
            }
            old.type("");
            old.awaitPrinted("exchanged 4", PATIENCE);
        }
    }

    @Test
    void aRemovedServersConnectionsLiveOn() {
        echo("rr", "-w 1", "-w 1");
        try (Running old = hold(4)) {
            dpvs.type("ipvsadm -d -t 10.0.96.204:" + port + " -r 192.168.229.1:7000");
            old.type("");
            old.awaitPrinted("exchanged 4", PATIENCE);
            assertThat(dpvs.ipvsadm("-lnc").succeeded().lines().filter(line -> line.endsWith("192.168.229.1:7000")))
                    .hasSize(2);
        }
    }

    @Test
    void theUpperThresholdHolds() {
        echo("rr", "-x 2", "-w 1");
        try (Running _ = hold(8)) {
            assertThat(active(1)).isEqualTo(2);
            assertThat(active(2)).isEqualTo(6);
            assertThat(dpvs.ipvsadm("-ln").succeeded()).containsPattern("192\\.168\\.229\\.1:7000 .* overload\n");
            assertThat(dpvs.ipvsadm("-ln --thresholds").succeeded())
                    .containsPattern("192\\.168\\.229\\.1:7000 +2 +0 +2 ");
        }
    }

    @Test
    void withoutAServerTheDropIsCounted() {
        web("rr", "-w 0", "-w 0");
        long before = dpvs.drops("no-destination");
        assertThat(lab.client()
                        .run("curl -sS --max-time 1 http://10.0.96.204:" + port)
                        .exitCode())
                .isNotZero();
        assertThat(dpvs.drops("no-destination")).isGreaterThan(before);
    }

    private void web(String scheduler, String first, String second) {
        service(80, scheduler, first, second);
    }

    private void echo(String scheduler, String first, String second) {
        service(7000, scheduler, first, second);
    }

    private void service(int serverPort, String scheduler, String first, String second) {
        port++;
        String service = "-t 10.0.96.204:" + port;
        dpvs.typeHowToService(service, scheduler);
        dpvs.type(
                "ipvsadm -a " + service + " -r 192.168.229.1:" + serverPort + " -b " + first,
                "ipvsadm -a " + service + " -r 192.168.229.2:" + serverPort + " -b " + second);
    }

    private Running hold(int connections) {
        Running client = lab.client().peer("hold-tcp 10.0.96.204 " + port + " " + connections);
        client.awaitPrinted("holding " + connections, PATIENCE);
        return client;
    }

    private int answersOfFirst(int requests) {
        int first = 0;
        for (int request = 0; request < requests; request++) {
            first += lab.client().curl("10.0.96.204:" + port).startsWith("This is rs1.") ? 1 : 0;
        }
        return first;
    }

    /** Connections of the echo service that the listing calls active. */
    private int active(int server) {
        String prefix = "-> 192.168.229." + server + ":7000";
        return dpvs.ipvsadm("-ln")
                .succeeded()
                .lines()
                .map(String::trim)
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.split(" +"))
                .mapToInt(words -> Integer.parseInt(words[4]))
                .findFirst()
                .orElseThrow();
    }
}

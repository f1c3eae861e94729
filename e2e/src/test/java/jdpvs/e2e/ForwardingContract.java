package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Real traffic through the how-to's set-up: what must hold for any number of workers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ForwardingContract {
    private static final Pattern ACTIVE = Pattern.compile("-> 192\\.168\\.229\\.\\d:80 +FullNat \\d+ +(\\d+) ");

    private final int workers;
    private Lab lab;
    private Dpvs dpvs;

    ForwardingContract(int workers) {
        this.workers = workers;
    }

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        lab.startWebServers();
        dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers));
        dpvs.typeHowTo();
    }

    @AfterAll
    void stop() {
        dpvs.close();
        lab.close();
    }

    @Test
    void bothServersAreServedAlike() {
        int first = 0;
        for (int request = 0; request < 20; request++) {
            first += lab.client().curl("10.0.96.204").startsWith("This is rs1.") ? 1 : 0;
        }
        if (workers == 1) {
            assertThat(first).isEqualTo(10);
        } else {
            // Each worker rotates by itself, so the sum may be off by one for each worker.
            assertThat(first).isBetween(10 - workers, 10 + workers);
        }
    }

    @Test
    void thePingIsAnsweredOnce() {
        assertThat(lab.client().run("ping -c20 -i0.05 10.0.96.204").succeeded())
                .contains(" 20 received")
                .doesNotContain("DUP");
    }

    @Test
    void udpIsForwardedBothWays() {
        dpvs.typeHowToService("-u 10.0.96.204:5353", "rr");
        dpvs.type(
                "ipvsadm -a -u 10.0.96.204:5353 -r 192.168.229.1:5300 -b",
                "ipvsadm -a -u 10.0.96.204:5353 -r 192.168.229.2:5300 -b");
        try (Running first = lab.server(1).peer("serve-udp 5300 rs1");
                Running second = lab.server(2).peer("serve-udp 5300 rs2")) {
            first.awaitPrinted("ready", Duration.ofSeconds(10));
            second.awaitPrinted("ready", Duration.ofSeconds(10));
            try (Running client = lab.client().peer("ask-udp 10.0.96.204 5353 8")) {
                client.awaitPrinted("done", Duration.ofSeconds(30));
                assertThat(client.printed()).doesNotContain("no answer");
                assertThat(client.printed().lines().filter(line -> line.startsWith("10.0.96.204 answers ")))
                        .hasSize(24);
                assertThat(client.printed()).contains("rs1 saw 192.168.229.204:", "rs2 saw 192.168.229.204:");
            }
        } finally {
            dpvs.type("ipvsadm -D -u 10.0.96.204:5353");
        }
    }

    @Test
    void twoThousandConnectionsAtOnce() {
        try (Running wrk = lab.client().start("wrk -t2 -c2000 -d60s --timeout 8s http://10.0.96.204/")) {
            Await.until(
                    Duration.ofSeconds(20),
                    () -> activeConnections() == 2000,
                    () -> "2000 active connections; there are " + activeConnections());
            Await.pause(Duration.ofSeconds(1));
            Wrk.end(wrk).assertNothingFailed();
        }
    }

    @Test
    void connectionPerRequest() {
        Outcome outcome = lab.client()
                .shell(Duration.ofSeconds(30), "wrk -t1 -c16 -d2s -H 'Connection: close' http://10.0.96.204/");
        assertThat(Wrk.read(outcome.succeeded()).assertNothingFailed().requests())
                .isGreaterThan(500);
    }

    @Test
    void aGigabyteArrivesUnharmed() {
        Download.of(lab, 1024).assertArrives("10.0.96.204", 2);
    }

    @Test
    void largeSegmentsPassWhole() {
        dpvs.typeHowToService("-t 10.0.96.204:5201", "rr");
        dpvs.type("ipvsadm -a -t 10.0.96.204:5201 -r 192.168.229.1:5201 -b");
        try (Running server = lab.server(1).start("iperf3 -s -1 --forceflush");
                Capture capture = Capture.start(lab.server(1), "eth0", "-c 20 tcp port 5201 and greater 4000")) {
            server.awaitPrinted("Server listening", Duration.ofSeconds(10));
            lab.client().run("iperf3 -c 10.0.96.204 -t 1").succeeded();
            assertThat(capture.packets("tcp", "frame.len"))
                    .as("segments beyond the MTU that reached the server")
                    .isNotEmpty();
        } finally {
            dpvs.type("ipvsadm -D -t 10.0.96.204:5201");
        }
    }

    @Test
    void serversComeAndGoUnderLoadWithoutAFailedConnection() {
        try (Running reused = lab.client().start("wrk -t1 -c16 -d60s http://10.0.96.204/");
                Running fresh = lab.client().start("wrk -t1 -c4 -d60s -H Connection:close http://10.0.96.204/")) {
            for (int round = 0; round < 3; round++) {
                Await.pause(Duration.ofSeconds(1));
                dpvs.type("ipvsadm -d -t 10.0.96.204:80 -r 192.168.229.1:80");
                Await.pause(Duration.ofSeconds(1));
                dpvs.type("ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1:80 -b");
            }
            Await.pause(Duration.ofSeconds(1));
            Wrk.end(reused).assertNothingFailed();
            Wrk.end(fresh).assertNothingFailed();
        }
    }

    private int activeConnections() {
        Matcher matcher = ACTIVE.matcher(dpvs.ipvsadm("-ln").succeeded());
        int sum = 0;
        while (matcher.find()) {
            sum += Integer.parseInt(matcher.group(1));
        }
        return sum;
    }
}

package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Fragments of balanced traffic in both directions. The link between gateway and dpvs takes 1,000 bytes, the others 1,500: the gateway cuts what clients send
 * (and cuts their fragments once more), dpvs cuts what servers send. Nobody asks for unfragmented packets.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FragmentsContract {
    private static final int CLIENTS = 50;

    private final int workers;
    private final List<Running> servers = new ArrayList<>();
    private Lab lab;
    private Dpvs dpvs;

    FragmentsContract(int workers) {
        this.workers = workers;
    }

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        lab.gateway().run("ip link set outside mtu 1000").succeeded();
        lab.dpvs().run("ip link set dpdk2 mtu 1000").succeeded();
        for (Host host : List.of(lab.client(), lab.server(1), lab.server(2))) {
            host.shell(Duration.ofSeconds(5), "echo 1 > /proc/sys/net/ipv4/ip_no_pmtu_disc")
                    .succeeded();
        }
        dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers));
        dpvs.typeHowToNetwork();
        dpvs.typeHowToService("-u 10.0.96.204:5400", "rr");
        dpvs.typeHowToService("-t 10.0.96.204:5500", "rr");
        for (int server = 1; server <= 2; server++) {
            dpvs.type(
                    "ipvsadm -a -u 10.0.96.204:5400 -r 192.168.229." + server + ":5400 -b",
                    "ipvsadm -a -t 10.0.96.204:5500 -r 192.168.229." + server + ":5500 -b");
            servers.add(lab.server(server).peer("echo-udp 5400"));
            servers.add(lab.server(server).start("socat TCP-LISTEN:5500,fork,reuseaddr EXEC:cat"));
        }
        servers.get(0).awaitPrinted("ready", Duration.ofSeconds(10));
        servers.get(2).awaitPrinted("ready", Duration.ofSeconds(10));
    }

    @AfterAll
    void stop() {
        servers.forEach(Running::close);
        dpvs.close();
        lab.close();
    }

    @AfterEach
    void nothingWasRefused() {
        assertThat(dpvs.drops("fragment-overlap")).isZero();
        assertThat(dpvs.drops("fragments-full")).isZero();
        assertThat(dpvs.drops("bad-fragment")).isZero();
        assertThat(dpvs.drops("internal-error")).isZero();
    }

    @Test
    void fiftyClientsWithTheSameIdentificationsFirstFragmentLast() {
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            sources.add("172.16.0." + (100 + i));
        }
        lab.client()
                .shell(
                        Duration.ofSeconds(10),
                        "for a in " + String.join(" ", sources) + "; do ip address add $a/24 dev eth0; done")
                .succeeded();
        // Both ends know each other before the clock runs.
        lab.client().run("ping -c1 -W5 10.0.96.204").succeeded();
        try (Running warm = lab.client().peer("echo-large 10.0.96.204 5400 4 100")) {
            warm.awaitPrinted("intact 4", Duration.ofSeconds(20));
        }
        String script =
                Shell.HOME.resolve("e2e/src/test/scripts/forge-fragments.py").toString();
        Outcome outcome = lab.client()
                .run(
                        Duration.ofSeconds(60),
                        "python3 " + script + " 10.0.96.204 5400 20000 3 " + String.join(" ", sources));
        assertThat(outcome.succeeded()).contains("intact " + 3 * CLIENTS + " of " + 3 * CLIENTS);
    }

    @Test
    void datagramsOfAllSizesArriveWhole() {
        int before = connections();
        try (Running client = lab.client().peer("echo-large 10.0.96.204 5400 12 972,973,1472,1473,8000,20000,65507")) {
            client.awaitPrinted("intact", Duration.ofSeconds(40));
            assertThat(client.printed()).contains("intact " + 12 * 7).doesNotContain("no answer");
        }
        // In fragments or not: all packets of a flow belong to one connection, whichever worker their fragments came
        // to.
        assertThat(connections() - before).isEqualTo(12);
    }

    /** Of the client's own address to the echo. */
    private int connections() {
        return (int) dpvs.ipvsadm("-lnc")
                .succeeded()
                .lines()
                .filter(line -> line.contains("172.16.0.1:") && line.contains("10.0.96.204:5400"))
                .count();
    }

    @Test
    void tcpSegmentsInFragmentsArriveUnharmed() {
        String script = "head -c 2000000 /dev/urandom > $D/sent; "
                + "timeout 40 socat -t20 STDIO TCP:10.0.96.204:5500 < $D/sent > $D/received; "
                + "cmp $D/sent $D/received && echo same";
        Outcome outcome = lab.client().shell(Duration.ofSeconds(50), "D=$(mktemp -d); " + script + "; rm -rf $D");
        assertThat(outcome.succeeded()).contains("same");
    }

    @Test
    void aLongPingIsAnswered() {
        assertThat(lab.client().run("ping -c10 -i0.1 -W5 -s 8000 10.0.96.204").succeeded())
                .contains(" 10 received");
    }

    @Test
    void aLoadOfFragmentsPasses() {
        for (String protocol : List.of("-t", "-u")) {
            dpvs.typeHowToService(protocol + " 10.0.96.204:5201", "rr");
            dpvs.type("ipvsadm -a " + protocol + " 10.0.96.204:5201 -r 192.168.229.1:5201 -b");
        }
        try (Running server = lab.server(1).start("iperf3 -s -1 --forceflush")) {
            server.awaitPrinted("Server listening", Duration.ofSeconds(10));
            String result = lab.client()
                    .run(Duration.ofSeconds(40), "iperf3 -c 10.0.96.204 -u -l 20000 -b 40M -t 3")
                    .succeeded();
            assertThat(result).containsPattern("receiver").doesNotContain("(100%)");
        } finally {
            dpvs.type("ipvsadm -D -t 10.0.96.204:5201", "ipvsadm -D -u 10.0.96.204:5201");
        }
    }

    @Test
    void fragmentsWithoutTheRestAreCountedAfterAWhile() {
        long before = dpvs.drops("fragment-timeout");
        // The client's second fragment is lost; of the first the gateway makes two.
        lab.gateway()
                .shell(
                        Duration.ofSeconds(5),
                        "nft add table ip t && nft add chain ip t c '{ type filter hook postrouting priority 300; }'"
                                + " && nft add rule ip t c ip protocol icmp ip frag-off '& 0x3fff == 0x00b9' drop")
                .succeeded();
        try {
            assertThat(lab.client().run("ping -c1 -W1 -s 2500 10.0.96.204").exitCode())
                    .isNotZero();
        } finally {
            lab.gateway().run("nft delete table ip t").succeeded();
        }
        Await.until(
                Duration.ofSeconds(20),
                () -> dpvs.drops("fragment-timeout") > before,
                () -> "fragments that count as fragment-timeout");
    }
}

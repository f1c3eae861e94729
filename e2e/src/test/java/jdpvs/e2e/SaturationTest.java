package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The operator is heard while every worker is drowned in packets. */
class SaturationTest {
    /** Three times 1 s. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

    @Test
    void commandsAreAnsweredAndChangesWork() {
        try (Lab lab = Lab.twoArm();
                Running server = lab.server(1).start("iperf3 -s -1 --forceflush");
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm())) {
            lab.startWebServers();
            dpvs.typeHowTo();
            for (String service : new String[] {"-t 10.0.96.204:5201", "-u 10.0.96.204:5201"}) {
                dpvs.typeHowToService(service, "rr");
                dpvs.type("ipvsadm -a " + service + " -r 192.168.229.1:5201 -b");
            }
            server.awaitPrinted("Server listening", Duration.ofSeconds(10));
            try (Running flood = lab.client().start("iperf3 -c 10.0.96.204 -u -b 2G -l 32 -t 10 -P 2")) {
                Await.pause(Duration.ofSeconds(2));
                assertThat(flood.isAlive()).as(flood.printed()).isTrue();
                long before = received(dpvs);
                for (String words : new String[] {"-ln", "-ln --stats", "-ln --rate", "-lnc", "-G"}) {
                    assertQuick(dpvs.ipvsadm(words));
                }
                for (String words : new String[] {"link show -s", "addr show -s", "route show", "neigh show"}) {
                    assertQuick(dpvs.dpip(words));
                }
                assertQuick(dpvs.dpvsctl("status"));
                assertQuick(dpvs.dpvsctl("drops"));
                assertQuick(dpvs.ipvsadm("-e -t 10.0.96.204:80 -r 192.168.229.1:80 -b -w 5"));
                assertThat(flood.isAlive()).as("the flood lasted that long").isTrue();
                assertThat(received(dpvs)).as("packets that came meanwhile").isGreaterThan(before + 10_000);
            }
        }
    }

    private static void assertQuick(Outcome outcome) {
        outcome.succeeded();
        assertThat(outcome.took()).as(outcome.toString()).isLessThan(ANSWER_LIMIT);
    }

    /** Packets received on dpdk2: the first number below the heading ipackets. */
    private static long received(Dpvs dpvs) {
        var lines = dpvs.dpip("link show -s dpdk2")
                .succeeded()
                .lines()
                .map(String::trim)
                .toList();
        int heading = IntStream.range(0, lines.size())
                .filter(index -> lines.get(index).startsWith("ipackets"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(lines.get(heading + 1).split(" +")[0]);
    }
}

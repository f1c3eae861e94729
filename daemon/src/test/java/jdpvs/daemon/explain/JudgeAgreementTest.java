package jdpvs.daemon.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import jdpvs.control.Traces.Fate;
import jdpvs.port.DropReason;
import org.junit.jupiter.api.Test;

/** Random configurations and packets: what the explanation says beforehand is what the real balancer and stack then do. */
class JudgeAgreementTest {
    private static final int WORLDS = 150;
    private static final int PACKETS = 80;

    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void theExplanationAgreesWithThePipeline() {
        for (int seed = 0; seed < WORLDS; seed++) {
            JudgeWorld world = new JudgeWorld(new Random(20_261_123L + seed), seen);
            for (int i = 0; i < PACKETS; i++) {
                world.packet(seed + "/" + i);
            }
        }
        // The generator must have come by everything that this is about.
        assertThat(seen.keySet())
                .contains(
                        "TO_SERVER",
                        "TO_CLIENT",
                        "WAITS",
                        "ANSWERED",
                        "LEARNT",
                        "ROUTED",
                        "no-route",
                        "no-local-address",
                        "no-destination",
                        "not-syn",
                        "server-gone",
                        "local-port-closed",
                        "link-down",
                        "neighbour-unresolved",
                        "not-local",
                        "other-host",
                        "too-big",
                        "source-route",
                        "icmp-no-connection",
                        "bad-icmp-quote",
                        "bad-ip-checksum",
                        "bad-ip-header",
                        "bad-neighbour-discovery",
                        "ttl-exceeded");
    }

    @Test
    void fatesAreTold() {
        assertThat(Findings.fate(Fate.LEARNT, "learnt").dropped()).isFalse();
        assertThat(Findings.dropped(DropReason.NO_ROUTE, "no way", "make one").toString())
                .isEqualTo("dropped: no-route – no way – make one");
    }
}

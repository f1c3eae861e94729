package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code ./demo trouble}: trace names each of five causes, or the demo fails. */
class TroubleDemoTest {
    @Test
    void eachCauseIsNamed() {
        String lab = "trouble" + ProcessHandle.current().pid();
        Outcome outcome = Shell.run(
                Duration.ofMinutes(4),
                List.of(Shell.HOME.resolve("demo").toString(), "trouble"),
                Map.of("JDPVS_DEMO_LAB", lab),
                "");
        assertThat(outcome.succeeded())
                .contains(
                        "verdict: dropped: no-route",
                        "verdict: dropped: no-local-address",
                        "verdict: dropped: neighbour-unresolved",
                        "verdict: dropped: no-destination",
                        "has weight 0",
                        "connection threshold",
                        "Everything worked");
    }
}

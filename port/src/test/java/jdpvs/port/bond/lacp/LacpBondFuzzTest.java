package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Drives {@link LacpBondFuzz} with seeded scripts. */
class LacpBondFuzzTest {
    private final Random random = new Random(8021);

    @Test
    void anythingAtAnyTime() {
        long changes = 0;
        for (int i = 0; i < 700; i++) {
            byte[] script = new byte[4 * random.nextInt(200)];
            random.nextBytes(script);
            changes += LacpBondFuzz.play(script);
        }
        // The scripts come as far as links that carry frames.
        assertThat(changes).isGreaterThan(350);
    }
}

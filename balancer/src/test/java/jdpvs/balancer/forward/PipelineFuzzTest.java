package jdpvs.balancer.forward;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Drives {@link PipelineFuzz} without a fuzzing engine. */
class PipelineFuzzTest {
    @Test
    void randomScripts() {
        Random random = new Random(2026);
        for (int run = 0; run < 500; run++) {
            byte[] input = new byte[1 + random.nextInt(3000)];
            random.nextBytes(input);
            PipelineFuzz.fuzzerTestOneInput(input);
        }
    }

    @Test
    void mutatedScripts() {
        Random random = new Random(4711);
        byte[] input = new byte[2000];
        random.nextBytes(input);
        for (int run = 0; run < 500; run++) {
            for (int i = random.nextInt(8); i >= 0; i--) {
                input[random.nextInt(input.length)] = (byte) random.nextInt();
            }
            PipelineFuzz.fuzzerTestOneInput(input);
        }
    }

    @Test
    void emptyScript() {
        PipelineFuzz.fuzzerTestOneInput(new byte[0]);
    }
}

package jdpvs.stack.fragment;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Drives {@link ReassemblyFuzz} with seeded inputs. */
class ReassemblyFuzzTest {
    @Test
    void randomSteps() {
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] input = new byte[random.nextInt(1200)];
            random.nextBytes(input);
            ReassemblyFuzz.fuzzerTestOneInput(input);
        }
    }

    /** Few datagrams, small offsets, little time: pieces meet. */
    @Test
    void crowdedSteps() {
        Random random = new Random(2);
        for (int i = 0; i < 600; i++) {
            byte[] input = new byte[6 * (1 + random.nextInt(150))];
            for (int at = 0; at < input.length; at += 6) {
                input[at] = (byte) (random.nextInt(3) << 4 | random.nextInt(2));
                input[at + 1] = (byte) (random.nextInt(20) == 0 ? random.nextInt() : 0);
                input[at + 3] = (byte) (random.nextInt(6) * 8);
                input[at + 4] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : 16);
                input[at + 5] = (byte) (random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(4) == 0 ? 0 : 1);
            }
            ReassemblyFuzz.fuzzerTestOneInput(input);
        }
    }
}

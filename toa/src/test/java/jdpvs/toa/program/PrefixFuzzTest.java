package jdpvs.toa.program;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Drives {@link PrefixFuzz} with seeded inputs. */
class PrefixFuzzTest {
    private static final String[] PIECES = {
        "10", ".", "0", "255", "256", "/", "24", "32", "128", ":", "::", "2001", "db8", "ffff", "-", " ", "x", "1", "%"
    };

    @Test
    void randomPieces() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(14); n > 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            PrefixFuzz.fuzzerTestOneInput(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}

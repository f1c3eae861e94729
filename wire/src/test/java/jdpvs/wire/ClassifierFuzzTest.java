package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Drives {@link ClassifierFuzz} with seeded inputs. */
class ClassifierFuzzTest {
    @Test
    void randomFrames() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = new byte[random.nextInt(120)];
            random.nextBytes(frame);
            if (frame.length > 13) {
                frame[12] = 8;
                frame[13] = (byte) new int[] {0, 0, 6, 0xdd}[random.nextInt(4)];
            }
            ClassifierFuzz.fuzzerTestOneInput(frame);
        }
    }

    @Test
    void mutatedFrames() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(2);
        List<byte[]> seeds = ClassifierFuzz.seeds();
        int[] kinds = new int[256];
        for (int i = 0; i < 100_000; i++) {
            byte[] frame = seeds.get(random.nextInt(seeds.size())).clone();
            for (int n = random.nextInt(4); n > 0; n--) {
                frame[random.nextInt(Math.min(frame.length, 60))] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                frame = Arrays.copyOf(frame, random.nextInt(frame.length + 20));
            }
            if (random.nextBoolean() && frame.length >= 34) {
                fixIpChecksum(frame);
            }
            ClassifierFuzz.fuzzerTestOneInput(frame);
            kinds[FrameKind.kind(ReferenceClassifier.classify(frame))]++;
        }
        for (int kind : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23, 24}) {
            assertThat(kinds[kind]).as("frames of kind " + kind).isPositive();
        }
    }

    private static void fixIpChecksum(byte[] frame) {
        int header = Math.min((frame[14] & 0xf) * 4, frame.length - 14);
        if (header >= 20) {
            frame[24] = 0;
            frame[25] = 0;
            int checksum = ReferenceClassifier.checksum(frame, 14, header);
            frame[24] = (byte) (checksum >>> 8);
            frame[25] = (byte) checksum;
        }
    }
}

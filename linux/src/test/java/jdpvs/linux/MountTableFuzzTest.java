package jdpvs.linux;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Drives {@link MountTableFuzz} with seeded inputs. */
class MountTableFuzzTest {
    private static final List<String> PIECES = List.of(
            "1 2 0:1 / ",
            "/sys/fs/cgroup",
            "/a\\040b",
            "\\",
            "\\777",
            "\\000",
            " rw",
            " shared:1",
            " - ",
            "cgroup2",
            "bpf",
            " none rw",
            "\n",
            " ",
            "\0",
            "\u00ff",
            "/",
            "//",
            "/../x");

    @Test
    void randomPiecesAndBytes() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            if (bytes.length > 0 && random.nextInt(3) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            MountTableFuzz.fuzzerTestOneInput(bytes);
        }
    }
}

package jdpvs.keepalived.configuration;

import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Drives the fuzz target with random bytes, random keywords and damaged files. */
class KeepalivedFuzzTest {
    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "255",
            "-1",
            "0.25",
            "99999999999999999999",
            "on",
            "off",
            "10.0.0.1",
            "10.0.0.1-9",
            "10.0.0.0/24",
            "2001:db8::1",
            "fe80::1",
            "d0",
            "V",
            "weight",
            "reverse",
            "group",
            "web",
            "\"",
            "'",
            "\\",
            "{",
            "}",
            "{",
            "}",
            "\n",
            "\n",
            "\n",
            "\n",
            "#",
            "!",
            "@id",
            "@^id",
            "$A=",
            "$A",
            "${A}",
            "${B}",
            "~SEQ(A,1,1,9)",
            "\\\n",
            "via",
            "dev",
            "scope",
            "default",
            "\u0000",
            "é",
            "FNAT",
            "v2",
            "TCP",
            "conhash",
            "A",
            "PASS",
            "\"/bin/true x\"");

    @Test
    void randomBytesAndWordsAndMutations() throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20);
        List<String> words = new ArrayList<>(VALUES);
        collect(KeyTable.ROOT, words);
        byte[] sample = Files.readAllBytes(Conf.SAMPLE);
        byte[] everything = Everything.TEXT.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 400; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            survives(bytes);
            StringBuilder text = new StringBuilder();
            for (int t = random.nextInt(80); t >= 0; t--) {
                List<String> from = random.nextBoolean() ? VALUES : words;
                text.append(from.get(random.nextInt(from.size()))).append(random.nextInt(4) == 0 ? "" : " ");
            }
            survives(text.toString().getBytes(StandardCharsets.UTF_8));
            byte[] mutated = i % 2 == 0 ? everything.clone() : sample.clone();
            for (int m = random.nextInt(8); m >= 0; m--) {
                int at = random.nextInt(mutated.length);
                mutated[at] =
                        random.nextBoolean() ? (byte) random.nextInt(128) : mutated[random.nextInt(mutated.length)];
            }
            survives(mutated);
            survives(lines(new String(everything, StandardCharsets.UTF_8), random)
                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Lines lost, doubled and moved. */
    private static String lines(String text, RandomGenerator random) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (int m = random.nextInt(10); m >= 0; m--) {
            String line = lines.remove(random.nextInt(lines.size()));
            for (int copies = random.nextInt(3); copies > 0; copies--) {
                lines.add(random.nextInt(lines.size() + 1), line);
            }
        }
        return String.join("\n", lines);
    }

    private static void collect(Block block, List<String> into) {
        block.keys().forEach(key -> into.add(key.name()));
        block.blocks().forEach(inner -> {
            into.add(inner.name());
            into.add(inner.name() + " V {\n");
            collect(inner, into);
        });
    }

    private static void survives(byte[] data) {
        assertThatNoException()
                .as(() -> new String(data, StandardCharsets.UTF_8))
                .isThrownBy(() -> KeepalivedFuzz.fuzzerTestOneInput(data));
    }
}

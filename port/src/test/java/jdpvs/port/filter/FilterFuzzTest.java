package jdpvs.port.filter;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilterFuzzTest {
    private static final String[] WORDS = {
        "(",
        ")",
        "!",
        "not",
        "and",
        "or",
        "&&",
        "||",
        "src",
        "dst",
        "host",
        "net",
        "port",
        "portrange",
        "tcp",
        "udp",
        "icmp",
        "arp",
        "ip",
        "ip6",
        "in",
        "out",
        "dropped",
        "fragment",
        "reason",
        "no-route",
        "NOT_SYN",
        "10.0.0.1",
        "10.0.0.0/8",
        "0.0.0.0/0",
        "80",
        "1-65535",
        "frob",
        "é",
        "99999999999",
        "1.2.3.4/",
        "-"
    };

    @Test
    void randomFiltersAndFrames() {
        Random random = new Random(20_261_123);
        List<byte[]> seeds = TcpdumpVerdictTest.frames();
        for (int round = 0; round < 20_000; round++) {
            StringBuilder filter = new StringBuilder();
            for (int i = random.nextInt(9); i > 0; i--) {
                filter.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(9) == 0 ? "" : " ");
            }
            byte[] seed = seeds.get(random.nextInt(seeds.size()));
            byte[] text = filter.append('\n').toString().getBytes(StandardCharsets.UTF_8);
            byte[] input = new byte[text.length + random.nextInt(seed.length + 1)];
            System.arraycopy(text, 0, input, 0, text.length);
            System.arraycopy(seed, 0, input, text.length, input.length - text.length);
            for (int i = random.nextInt(4); i > 0 && input.length > text.length; i--) {
                input[text.length + random.nextInt(input.length - text.length)] = (byte) random.nextInt();
            }
            FilterFuzz.fuzzerTestOneInput(input);
        }
    }
}

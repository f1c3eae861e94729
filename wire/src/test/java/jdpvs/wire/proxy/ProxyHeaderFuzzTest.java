package jdpvs.wire.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Drives {@link ProxyHeaderFuzz} with seeded inputs: good headers, and the same damaged. */
class ProxyHeaderFuzzTest {
    private static final List<byte[]> SEEDS = List.of(
            ascii("PROXY TCP4 172.16.0.1 10.0.96.204 62844 80\r\nGET / HTTP/1.1\r\n\r\n"),
            ascii("PROXY TCP6 2001:db8:1:2:3:4:5:6 64:ff9b::192.0.2.33 38383 80\r\n"),
            ascii("PROXY UNKNOWN 1 2 3\r\n"),
            HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000fac1000010a0060ccf57c0050030000474554"),
            HexFormat.of()
                    .parseHex("0d0a0d0a000d0a515549540a21220024" + "24080000000000000000000000000001"
                            + "20010000000000000000000000000201" + "95ef0035"));

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void goodAndDamagedHeaders() {
        Random random = new Random(107);
        byte[] likely = ascii("0123456789abcdef:. \r\nTCPROXY");
        for (int i = 0; i < 200_000; i++) {
            byte[] input = SEEDS.get(random.nextInt(SEEDS.size())).clone();
            for (int n = random.nextInt(4); n > 0; n--) {
                input[random.nextInt(input.length)] =
                        random.nextBoolean() ? likely[random.nextInt(likely.length)] : (byte) random.nextInt();
            }
            ProxyHeaderFuzz.fuzzerTestOneInput(
                    random.nextInt(4) == 0 ? Arrays.copyOf(input, random.nextInt(input.length)) : input);
        }
    }
}

package jdpvs.command.dpvsctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketTextFuzzTest {
    private static byte[] frame(String type, String packet) {
        return HexFormat.of().parseHex("ffffffffffff020000000001" + type + packet.replace(" ", ""));
    }

    @Test
    void lines() {
        assertThat(PacketText.of(ByteBuffer.wrap(
                        frame("0806", "0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"))))
                .isEqualTo("ARP who-has 10.0.0.2 tell 10.0.0.1");
        assertThat(PacketText.of(ByteBuffer.wrap(
                        frame("0800", "4500 0020 0001 0000 4011 0000 0a000001 0a000002 0035 0050 000c 0000 61626364"))))
                .isEqualTo("IP 10.0.0.1.53 > 10.0.0.2.80: UDP, length 4");
        assertThat(PacketText.of(ByteBuffer.wrap(frame("0800", "4500 0030 0009 2000 4011 0000 0a000001"))))
                .isEqualTo("[cut off]");
        assertThat(PacketText.of(ByteBuffer.wrap(frame("0800", "4500 0030 0009 0002 4011 0000 0a000001 0a000002"))))
                .isEqualTo("IP 10.0.0.1 > 10.0.0.2: fragment 9 at 16, the last, length 28");
    }

    @Test
    void randomBytes() {
        Random random = new Random(20_261_124);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(90)];
            random.nextBytes(bytes);
            if (bytes.length > 24 && round % 4 != 0) {
                bytes[12] = 8;
                bytes[13] = (byte) (round % 8 == 1 ? 6 : 0);
                bytes[14] = (byte) (0x40 + random.nextInt(16));
                bytes[23] = new byte[] {1, 6, 17}[random.nextInt(3)];
            }
            PacketTextFuzz.fuzzerTestOneInput(bytes);
        }
    }
}

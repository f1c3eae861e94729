package jdpvs.port.pcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PcapReaderFuzzTest {
    @Test
    void randomAndMutatedFiles() {
        var random = new Random(20_260_101);
        for (int round = 0; round < 5000; round++) {
            PcapReaderFuzz.fuzzerTestOneInput(round % 3 == 0 ? noise(random) : mutated(random));
        }
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] mutated(Random random) {
        ByteBuffer file = ByteBuffer.allocate(500)
                .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .putInt(random.nextBoolean() ? 0xa1b2c3d4 : 0xa1b23c4d)
                .putInt(0x0002_0004)
                .putLong(0)
                .putInt(65_535)
                .putInt(1);
        while (file.remaining() > 100) {
            int length = random.nextInt(80);
            file.putInt(1).putInt(2).putInt(length).putInt(length).position(file.position() + length);
        }
        byte[] bytes = new byte[file.position() - random.nextInt(2) * random.nextInt(40)];
        file.get(0, bytes);
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}

package jdpvs.port.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import jdpvs.port.PortException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureReaderTest {
    private static final byte[] FRAME = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 1};

    private static ByteBuffer file(ByteOrder order) {
        return ByteBuffer.allocate(600).order(order);
    }

    private static ByteBuffer section(ByteBuffer file) {
        return file.putInt(0x0a0d0d0a)
                .putInt(28)
                .putInt(0x1a2b3c4d)
                .putInt(1)
                .putLong(-1)
                .putInt(28);
    }

    /** With nanoseconds when asked. */
    private static ByteBuffer describe(ByteBuffer file, int linkType, boolean nanoseconds) {
        int length = nanoseconds ? 32 : 20;
        file.putInt(1)
                .putInt(length)
                .putShort((short) linkType)
                .putShort((short) 0)
                .putInt(0);
        if (nanoseconds) {
            file.putShort((short) 9)
                    .putShort((short) 1)
                    .put((byte) 9)
                    .put(new byte[3])
                    .putInt(0);
        }
        return file.putInt(length);
    }

    private static ByteBuffer enhanced(ByteBuffer file, int number, long time, int original) {
        int padded = FRAME.length + 3 & ~3;
        int length = 32 + padded;
        file.putInt(6).putInt(length).putInt(number).putInt((int) (time >>> 32)).putInt((int) time);
        file.putInt(FRAME.length).putInt(original).put(FRAME).put(new byte[padded - FRAME.length]);
        return file.putInt(length);
    }

    private static ByteBuffer other(ByteBuffer file) {
        return file.putInt(5).putInt(16).putInt(7).putInt(16);
    }

    private static byte[] bytes(ByteBuffer file) {
        byte[] bytes = new byte[file.position()];
        file.get(0, bytes);
        return bytes;
    }

    private static CaptureReader reader(byte[] bytes) throws PortException {
        return CaptureReader.of("x", new ByteArrayInputStream(bytes));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sectionsInterfacesAndFrames(boolean bigEndian) throws PortException {
        ByteBuffer file = section(file(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN));
        describe(describe(file, 1, false), 1, true);
        other(enhanced(file, 0, 5_000_007, 15));
        enhanced(file, 1, 5_000_000_007L, 1500);
        describe(section(file), 1, false);
        file.putInt(3).putInt(32).putInt(15).put(FRAME).put((byte) 0).putInt(32);
        try (CaptureReader reader = reader(bytes(file))) {
            assertThat(reader.next()).isEqualTo(15);
            assertThat(Arrays.copyOf(reader.frame(), 15)).isEqualTo(FRAME);
            assertThat(reader.timeNanos()).isEqualTo(5_000_007_000L);
            assertThat(reader.originalLength()).isEqualTo(15);
            assertThat(reader.next()).isEqualTo(15);
            assertThat(reader.timeNanos()).isEqualTo(5_000_000_007L);
            assertThat(reader.originalLength()).isEqualTo(1500);
            assertThat(reader.next()).isEqualTo(15);
            assertThat(Arrays.copyOf(reader.frame(), 15)).isEqualTo(FRAME);
            assertThat(reader.next()).isEqualTo(-1);
        }
    }

    @Test
    void defectsAreSentences() {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        byte[] whole = bytes(enhanced(describe(section(file(order)), 1, false), 0, 1, 15));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("it is empty", new byte[0]);
        files.put(
                "no capture file",
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24});
        files.put("in the middle of a block", Arrays.copyOf(whole, whole.length - 3));
        files.put("in the middle of frame 1", Arrays.copyOf(whole, whole.length - 10));
        files.put("is of interface 0, which is not described", bytes(enhanced(section(file(order)), 0, 1, 15)));
        files.put(
                "link type of interface 0 is 113",
                bytes(enhanced(describe(section(file(order)), 113, false), 0, 1, 15)));
        files.put("7 bytes long", bytes(section(file(order)).putInt(6).putInt(7)));
        files.forEach((sentence, bytes) -> assertThatThrownBy(() -> readAll(bytes))
                .isInstanceOf(PortException.class)
                .hasMessageContaining(sentence));
    }

    private static void readAll(byte[] bytes) throws PortException {
        try (CaptureReader reader = reader(bytes)) {
            while (reader.next() >= 0) {
                assertThat(reader.frame()).isNotEmpty();
            }
        }
    }

    @Test
    void randomAndMutatedFiles() {
        Random random = new Random(20_261_123);
        for (int round = 0; round < 5000; round++) {
            ByteBuffer file = section(file(round % 2 == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN));
            describe(file, 1, random.nextBoolean());
            for (int i = random.nextInt(5); i > 0; i--) {
                enhanced(file, 0, random.nextLong(), random.nextInt());
                other(file);
            }
            byte[] bytes = Arrays.copyOf(bytes(file), file.position() - random.nextInt(2) * random.nextInt(28));
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            CaptureReaderFuzz.fuzzerTestOneInput(bytes);
        }
    }
}

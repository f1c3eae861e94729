package jdpvs.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdpvs.wire.Memory;
import org.junit.jupiter.api.Test;

class SpareMemoryTest {
    private static final long BYTES = 512L << 20;

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void costsNothingUntilItIsTouched() throws IOException {
        long before = residentKilobytes();
        SpareMemory memory = new SpareMemory(BYTES);
        assertThat(memory.address() & 4095).isZero();
        assertThat(Memory.getLong(memory.address())).isZero();
        assertThat(Memory.getLong(memory.address() + BYTES - 8)).isZero();
        Memory.putLong(memory.address() + BYTES - 8, 7);
        assertThat(Memory.getLong(memory.address() + BYTES - 8)).isEqualTo(7);
        assertThat(residentKilobytes() - before).isLessThan(BYTES >> 11);
    }
}

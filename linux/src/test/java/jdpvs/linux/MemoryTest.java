package jdpvs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryTest {
    @Test
    void anonymousMemoryIsZeroedAlignedAndWritable() {
        for (long bytes : new long[] {1, 4096, 5000, Mapping.HUGE_PAGE_BYTES, 3 * Mapping.HUGE_PAGE_BYTES + 1}) {
            for (long prefault : new long[] {0, bytes / 2, bytes}) {
                try (Mapping mapping = Mapping.anonymous(bytes, prefault)) {
                    assertThat(mapping.bytes()).isGreaterThanOrEqualTo(bytes);
                    long alignment = bytes >= Mapping.HUGE_PAGE_BYTES ? Mapping.HUGE_PAGE_BYTES : 4096;
                    assertThat(mapping.address() % alignment).isZero();
                    long last = mapping.address() + mapping.bytes() - 8;
                    assertThat(NativeMemory.getLong(last)).isZero();
                    NativeMemory.putLong(last, -2);
                    assertThat(NativeMemory.getLongAcquire(last)).isEqualTo(-2);
                }
            }
        }
    }

    @Test
    void tooMuchMemoryIsRefusedWithTheCause() {
        assertThatThrownBy(() -> Mapping.anonymous(1L << 60, false))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("mmap")
                .hasMessageContaining("ENOMEM");
    }

    @Test
    void accessorsAgreeOnWidthAndSign() {
        try (Mapping mapping = Mapping.anonymous(64, true)) {
            long at = mapping.address();
            NativeMemory.putByte(at, 0xff);
            assertThat(NativeMemory.getByte(at)).isEqualTo(0xff);
            NativeMemory.putShort(at + 2, 0xfffe);
            assertThat(NativeMemory.getShort(at + 2)).isEqualTo(0xfffe);
            NativeMemory.putIntRelease(at + 4, -5);
            assertThat(NativeMemory.getIntAcquire(at + 4)).isEqualTo(-5).isEqualTo(NativeMemory.getInt(at + 4));
            NativeMemory.putLongRelease(at + 8, Long.MIN_VALUE);
            assertThat(NativeMemory.getLong(at + 8)).isEqualTo(Long.MIN_VALUE);
            NativeMemory.copy(at, at + 32, 16);
            assertThat(NativeMemory.getLong(at + 40)).isEqualTo(Long.MIN_VALUE);
        }
    }
}

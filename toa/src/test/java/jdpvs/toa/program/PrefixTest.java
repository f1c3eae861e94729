package jdpvs.toa.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixTest {
    @ParameterizedTest
    @CsvSource({
        "192.168.229.204, 192.168.229.204/32",
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:db8::/64, 2001:db8::/64",
        "2001:db8::1, 2001:db8::1/128",
        "::/0, ::/0",
    })
    void good(String text, String printed) {
        Prefix prefix = Prefix.parse(text);
        assertThat(prefix).hasToString(printed);
        assertThat(Prefix.parse(printed)).isEqualTo(prefix);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(TrustedKey.BYTES, 4);
            TrustedKey.CODEC.write(key, prefix);
            assertThat(TrustedKey.CODEC.read(key)).isEqualTo(prefix);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            10.0.0.1/24     | '10.0.0.1/24' has bits set behind its prefix length; the network is 10.0.0.0/24
            2001:db8::1/64  | '2001:db8::1/64' has bits set behind its prefix length; the network is 2001:db8::/64
            10.0.0.0/33     | '10.0.0.0/33' is no prefix: behind the slash belongs a number from 0 to 32
            2001:db8::/129  | '2001:db8::/129' is no prefix: behind the slash belongs a number from 0 to 128
            10.0.0.0/       | '10.0.0.0/' is no prefix: behind the slash belongs a number from 0 to 32
            10.0.0.0/-1     | '10.0.0.0/-1' is no prefix: behind the slash belongs a number from 0 to 32
            balancer        | 'balancer' is no address or network; write 192.168.229.204, 10.0.0.0/24 or 2001:db8::/64
            10.0.0          | '10.0.0' is no address or network; write 192.168.229.204, 10.0.0.0/24 or 2001:db8::/64
            /24             | '/24' is no address or network; write 192.168.229.204, 10.0.0.0/24 or 2001:db8::/64
            """)
    void bad(String text, String sentence) {
        assertThatThrownBy(() -> Prefix.parse(text.strip()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void theKeyOfTheMap() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(TrustedKey.BYTES, 4);
            TrustedKey.CODEC.write(key, Prefix.parse("10.1.0.0/16"));
            assertThat(key.get(ValueLayout.JAVA_INT, 0)).isEqualTo(112);
            assertThat(HexFormat.of().formatHex(key.asSlice(4).toArray(ValueLayout.JAVA_BYTE)))
                    .isEqualTo("00000000000000000000ffff0a010000");
        }
    }
}

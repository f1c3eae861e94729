package jdpvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class IpAddressTest {
    @Test
    void canonicalText() {
        Map.of(
                        "10.0.0.1", "10.0.0.1",
                        "255.255.255.255", "255.255.255.255",
                        "::", "::",
                        "::1", "::1",
                        "2001:DB8:0:0:0:0:0:1", "2001:db8::1",
                        "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
                        "1:0:0:2:0:0:0:3", "1:0:0:2::3",
                        "fe80::", "fe80::",
                        "::ffff:10.0.0.1", "::ffff:a00:1",
                        "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")
                .forEach((text, canonical) ->
                        assertThat(IpAddress.parse(text).toString()).as(text).isEqualTo(canonical));
    }

    @Test
    void refused() {
        for (String text : List.of(
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.-4",
                "1..3.4",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8:9",
                "12345::",
                "g::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3",
                "1.2.3.4::",
                "1.2.3.4::1.2.3.4",
                "10.0.0.1 ")) {
            assertThatThrownBy(() -> IpAddress.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not an IP address");
        }
    }

    @Test
    void whatIsPrintedIsRead() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int i = 0; i < 10_000; i++) {
            // Many zero groups, so that gaps occur everywhere.
            long high = random.nextLong() & mask(random.nextInt(16));
            long low = random.nextLong() & mask(random.nextInt(16));
            IpAddress address = new IpAddress(true, high, low);
            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
        }
    }

    private static long mask(int groups) {
        long mask = 0;
        for (int i = 0; i < 4; i++) {
            mask |= (groups >> i & 1) == 0 ? 0 : 0xffffL << (16 * i);
        }
        return mask;
    }
}

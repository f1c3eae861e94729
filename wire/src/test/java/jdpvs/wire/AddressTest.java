package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "10.0.0.1, 10.0.0.1",
        "::, ::",
        "::ffff:10.0.0.1, 10.0.0.1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "fe80:0:0:0:0:0:0:1, fe80::1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    })
    void text(String given, String canonical) {
        assertThat(Address.parse(given)).hasToString(canonical);
        assertThat(Address.parse(canonical)).isEqualTo(Address.parse(given));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.256",
                "01.2.3.4",
                "1::2::3",
                ":",
                "12345::",
                "::1%eth0",
                "localhost",
                "1:2:3:4:5:6:7:8:9"
            })
    void noAddress(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not an IP address");
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.229.204, 24, 192.168.229.0",
        "192.168.229.204, 32, 192.168.229.204",
        "192.168.229.204, 0, 0.0.0.0",
        "2001:db8:1:2:ffff::1, 64, 2001:db8:1:2::",
        "2001:db8:1:2:ffff::1, 68, 2001:db8:1:2:f000::",
        "2001:db8:1:2:ffff::1, 10, 2000::",
        "2001:db8::1, 0, ::",
        "2001:db8::1, 128, 2001:db8::1",
    })
    void network(String address, int length, String network) {
        assertThat(Address.parse(address).network(length)).hasToString(network);
    }

    @Test
    void ipv4StandsBeforeIpv6() {
        List<String> ordered = Stream.of("2001:db8::1", "200.0.0.1", "::1", "10.0.0.1", "fe80::1")
                .map(Address::parse)
                .sorted()
                .map(Address::toString)
                .toList();
        assertThat(ordered).containsExactly("10.0.0.1", "200.0.0.1", "::1", "2001:db8::1", "fe80::1");
    }
}

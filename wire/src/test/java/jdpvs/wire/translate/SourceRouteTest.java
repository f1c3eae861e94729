package jdpvs.wire.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HexFormat;
import jdpvs.wire.Ethernet;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceRouteTest {
    /** RFC 7915 §4.1: "unexpired"; RFC 791 §3.1: the route is at its end when the pointer is greater than the length. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "none,                              '',                        false",
        "loose,                             83070400000000 00,         true",
        "strict,                            89070400000000 00,         true",
        "second of two addresses,           830b080000000000000000 00, true",
        "at its end,                        83070800000000 00,         false",
        "an empty route at its end,         830304 00,                 false",
        "pointer at the length,             830303 00,                 true",
        "behind no-operations,              0101 890303 000000,        true",
        "behind another option,             94040000 830303 00,        true",
        "two: the first one at its end,     830304 890303 0000,        true",
        "behind the end of the list,        00 830303,                 false",
        "without a pointer,                 8302 0000,                 false",
        "longer than the header,            83080400,                  false",
        "length 0,                          83000400,                  false",
        "length 1,                          83010400,                  false",
        "cut off behind its kind,           01010183,                  false",
        "record route,                      07070400000000 00,         false"
    })
    void unexpired(String description, String options, boolean expected) {
        try (Arena arena = Arena.ofConfined()) {
            long frame = PacketBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2)
                    .ipOptions(HexFormat.of().parseHex(options.replace(" ", "")))
                    // What follows must not be read as options.
                    .payload(new byte[] {(byte) 131, 7, 4})
                    .allocate(arena);
            assertThat(SourceRoute.isUnexpired(frame + Ethernet.LENGTH)).isEqualTo(expected);
        }
    }
}

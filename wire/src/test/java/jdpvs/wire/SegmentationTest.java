package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentationTest {
    @ParameterizedTest
    @CsvSource({
        // payload, segment size, options' bytes; packets, bytes on the wire
        "0, 0, 0, 1, 54",
        "1460, 0, 0, 1, 1514",
        "1460, 1460, 0, 1, 1514",
        "1461, 1460, 0, 2, 1569",
        "2920, 1460, 0, 2, 3028",
        "2897, 1448, 12, 3, 3095",
        "64000, 1448, 12, 45, 66970",
    })
    void tcp(int payload, int segmentSize, int options, int packets, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            var builder =
                    PacketBuilder.tcp(1, 1, 2, 2).options(new byte[options]).payload(payload);
            if (segmentSize != 0) {
                builder.segmentSize(segmentSize);
            }
            long frame = builder.allocate(arena);
            int length = 14 + 20 + 20 + options + payload;
            assertThat(Segmentation.packets(frame, length)).isEqualTo(packets);
            assertThat(Segmentation.wireBytes(frame, length)).isEqualTo(bytes);
            // A device that verified the checksum tells no place of it: the headers do.
            VirtioNetHeader.set(
                    frame,
                    VirtioNetHeader.CHECKSUM_VALID,
                    VirtioNetHeader.gsoType(frame),
                    length,
                    VirtioNetHeader.segmentSize(frame),
                    0,
                    0);
            assertThat(Segmentation.packets(frame, length)).isEqualTo(packets);
            assertThat(Segmentation.wireBytes(frame, length)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Type, segment size; packets, bytes: 3000 bytes of payload behind 8 of UDP header
        "5, 1000, 3, 3126",
        "3, 1480, 3, 3110",
        "1, 0, 1, 3042",
        "0, 1000, 1, 3042",
        "128, 1000, 1, 3042",
    })
    void udpAndNonsense(int type, int segmentSize, int packets, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            long frame = PacketBuilder.udp(1, 1, 2, 2).payload(3000).allocate(arena);
            VirtioNetHeader.set(frame, VirtioNetHeader.NEEDS_CHECKSUM, type, 0, segmentSize, 34, 6);
            assertThat(Segmentation.packets(frame, 3042)).isEqualTo(packets);
            assertThat(Segmentation.wireBytes(frame, 3042)).isEqualTo(bytes);
        }
    }

    @Test
    void taggedFrame() {
        try (Arena arena = Arena.ofConfined()) {
            long untagged = PacketBuilder.tcp(1, 1, 2, 2).payload(2000).allocate(arena);
            long frame = arena.allocate(4096).address() + 64;
            Memory.copy(untagged, frame, 12);
            Memory.putShortNet(frame + 12, Ethernet.TYPE_VLAN);
            Memory.putShortNet(frame + 14, 7);
            Memory.copy(untagged + 12, frame + 16, 2042);
            VirtioNetHeader.set(frame, 0, VirtioNetHeader.GSO_TCP4 | VirtioNetHeader.GSO_ECN, 0, 1000, 0, 0);
            assertThat(Segmentation.packets(frame, 2058)).isEqualTo(2);
            assertThat(Segmentation.wireBytes(frame, 2058)).isEqualTo(2058 + 58);
        }
    }

    @Test
    void randomFramesAreReadWithinTheirBounds() {
        var random = new java.util.SplittableRandom(3);
        for (int i = 0; i < 50_000; i++) {
            byte[] input = new byte[VirtioNetHeader.LENGTH + random.nextInt(120)];
            random.nextBytes(input);
            if (input.length > 24 && random.nextBoolean()) {
                boolean ipv6 = random.nextBoolean();
                input[22] = (byte) (ipv6 ? 0x86 : 0x08);
                input[23] = (byte) (ipv6 ? 0xdd : 0);
            }
            SegmentationFuzz.fuzzerTestOneInput(input);
        }
    }
}

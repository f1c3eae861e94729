package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class TcpOptionsTest {
    /** Walks all options; returns how many. Ends for any bytes. */
    static int walk(long tcp) {
        long end = tcp + Tcp.headerLength(tcp);
        int count = 0;
        for (long at = TcpOptions.first(tcp); at != 0; at = TcpOptions.next(at, end)) {
            if (at < tcp + Tcp.MINIMUM_LENGTH || at + TcpOptions.length(at) > end) {
                throw new AssertionError("option outside the header");
            }
            count++;
        }
        return count;
    }

    @Test
    void findsOptionsInOrder() {
        try (Arena arena = Arena.ofConfined()) {
            long tcp = tcp(
                    arena,
                    PacketBuilder.tcp(1, 1, 2, 2)
                            .option(TcpOptions.MAXIMUM_SEGMENT_SIZE, 0x05, 0xb4)
                            .option(TcpOptions.WINDOW_SCALE, 7)
                            .option(TcpOptions.SACK_PERMITTED));
            assertThat(Tcp.headerLength(tcp)).isEqualTo(32);
            assertThat(TcpOptions.find(tcp, TcpOptions.MAXIMUM_SEGMENT_SIZE)).isEqualTo(tcp + 20);
            assertThat(Memory.getShortNet(tcp + 22)).isEqualTo(1460);
            assertThat(TcpOptions.find(tcp, TcpOptions.WINDOW_SCALE)).isEqualTo(tcp + 24);
            assertThat(TcpOptions.find(tcp, TcpOptions.SACK_PERMITTED)).isEqualTo(tcp + 27);
            assertThat(TcpOptions.find(tcp, TcpOptions.TIMESTAMPS)).isZero();
            assertThat(walk(tcp)).isEqualTo(3 + 3);
        }
    }

    @Test
    void malformedOptionsEndTheWalk() {
        try (Arena arena = Arena.ofConfined()) {
            // Length 0, length 1, length behind the end, kind alone in the last byte, end of list.
            assertThat(walk(tcp(arena, options(8, 0, 2, 4)))).isZero();
            assertThat(walk(tcp(arena, options(8, 1, 2, 4)))).isZero();
            assertThat(walk(tcp(arena, options(1, 8, 10, 0)))).isOne();
            assertThat(walk(tcp(arena, options(1, 1, 1, 8)))).isEqualTo(3);
            assertThat(walk(tcp(arena, options(1, 0, 4, 2)))).isOne();
            assertThat(walk(tcp(arena, options()))).isZero();
        }
    }

    private static PacketBuilder options(int... bytes) {
        byte[] options = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            options[i] = (byte) bytes[i];
        }
        return PacketBuilder.tcp(1, 1, 2, 2).options(options);
    }

    private static long tcp(Arena arena, PacketBuilder builder) {
        return builder.allocate(arena) + Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH;
    }
}

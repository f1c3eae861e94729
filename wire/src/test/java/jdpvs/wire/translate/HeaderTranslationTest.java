package jdpvs.wire.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HexFormat;
import java.util.Random;
import jdpvs.wire.Address;
import jdpvs.wire.Classifier;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderTranslationTest {
    private static final Address FOUR_A = Address.parse("10.0.0.1");
    private static final Address FOUR_B = Address.parse("10.0.0.2");
    private static final Address SIX_A = Address.parse("2001:db8::1");
    private static final Address SIX_B = Address.parse("2001:db8::2");

    private final Arena arena = Arena.ofAuto();
    private final long pair = pair();

    private long pair() {
        long pair = arena.allocate(32, 8).address();
        Ipv6.setAddress(pair, SIX_A.high(), SIX_A.low());
        Ipv6.setAddress(pair + 16, SIX_B.high(), SIX_B.low());
        return pair;
    }

    private static long addresses() {
        return Integer.toUnsignedLong(Integer.reverseBytes(FOUR_A.ipv4()))
                | (long) Integer.reverseBytes(FOUR_B.ipv4()) << 32;
    }

    private static String header(long frame, int bytes) {
        byte[] header = new byte[bytes];
        Memory.copyOut(frame + 12, header, 0, bytes);
        return HexFormat.of().formatHex(header);
    }

    private long toIpv6(PacketBuilder packet) {
        long frame = packet.allocate(arena);
        long transport = frame + FrameKind.transportOffset(Classifier.classify(frame, packet.length()));
        return HeaderTranslation.toIpv6(frame, transport, pair);
    }

    private long toIpv4(PacketBuilder packet) {
        long frame = packet.allocate(arena);
        long transport = frame + FrameKind.transportOffset(Classifier.classify(frame, packet.length()));
        return HeaderTranslation.toIpv4(frame, transport, addresses(), 0x1234);
    }

    /** RFC 7915 section 4.1, field by field. */
    @Test
    void ipv4ToIpv6() {
        long sent = toIpv6(PacketBuilder.udp("192.0.2.1", 1, "192.0.2.2", 2)
                .tos(0xb9)
                .ttl(61)
                .payload(12));
        assertThat(header(sent, 42))
                .isEqualTo("86dd" + "6b900000" + "0014" + "11" + "3d" + "20010db8000000000000000000000001"
                        + "20010db8000000000000000000000002");
    }

    /** RFC 7915 section 4.1: options are ignored, and are not a part of the payload. */
    @Test
    void ipv4OptionsGo() {
        long sent = toIpv6(PacketBuilder.udp("192.0.2.1", 1, "192.0.2.2", 2)
                .ipOptions(new byte[] {7, 7, 4, 0, 0, 0, 0, 0})
                .payload(12));
        assertThat(Ipv6.payloadLength(sent + 14)).isEqualTo(20);
        assertThat(Memory.getShortNet(sent + 14 + 40 + 2)).isEqualTo(2);
    }

    /** RFC 7915 section 5.1, field by field: a small packet may be fragmented, and is named. */
    @Test
    void ipv6ToIpv4() {
        long sent = toIpv4(PacketBuilder.udp("2001:db8:9::1", 1, "2001:db8:9::2", 2)
                .tos(0xb9)
                .flowLabel(0x12345)
                .ttl(61)
                .payload(12));
        assertThat(header(sent, 22))
                .isEqualTo("0800" + "45b9" + "0028" + "1234" + "0000" + "3d" + "11" + "56d6" + "0a000001" + "0a000002");
    }

    /** RFC 7915 section 5.1: a large one is not. */
    @Test
    void aLargePacketOfIpv6IsNotToBeFragmented() {
        long sent =
                toIpv4(PacketBuilder.udp("2001:db8:9::1", 1, "2001:db8:9::2", 2).payload(1300));
        assertThat(header(sent, 10)).isEqualTo("0800" + "4500" + "0530" + "0000" + "4000");
    }

    /** RFC 7915 section 5.1: extension headers are passed over; the last one names the protocol. */
    @Test
    void extensionHeadersGo() {
        byte[] headers = HexFormat.of().parseHex("2b00010400000000" + "3c00040000000000" + "1100010400000000");
        long sent = toIpv4(PacketBuilder.udp("2001:db8:9::1", 1, "2001:db8:9::2", 2)
                .extensions(0, headers)
                .payload(12));
        assertThat(Ipv4.totalLength(sent + 14)).isEqualTo(40);
        assertThat(Ipv4.protocol(sent + 14)).isEqualTo(Ipv4.UDP);
        assertThat(Memory.getShortNet(sent + 14 + 20 + 2)).isEqualTo(2);
    }

    /** RFC 7915 section 4: without DF, nothing above 1,280 bytes leaves whole. */
    @ParameterizedTest
    @CsvSource({"0, 1232, false", "0, 1233, true", "16384, 1400, false"})
    void whatMayBeCutIs(int flags, int payload, boolean cut) {
        long sent = toIpv6(PacketBuilder.udp("192.0.2.1", 1, "192.0.2.2", 2)
                .fragment(flags)
                .payload(payload));
        assertThat(VirtioNetHeader.gsoType(sent)).isEqualTo(cut ? VirtioNetHeader.GSO_UDP : VirtioNetHeader.GSO_NONE);
    }

    /** There and back again is the same packet, whatever its state beside the frame. */
    @Test
    void thereAndBack() {
        Random random = new Random(7915);
        for (int i = 0; i < 20_000; i++) {
            PacketBuilder packet = PacketBuilder.tcp(FOUR_A, random.nextInt(65536), FOUR_B, random.nextInt(65536))
                    .tos(random.nextInt(256))
                    .ttl(random.nextInt(256))
                    .fragment(Ipv4.DONT_FRAGMENT)
                    .identification(0)
                    .payload(1300 + random.nextInt(100));
            switch (random.nextInt(3)) {
                case 0 -> packet.partialChecksum();
                case 1 -> packet.segmentSize(200 + random.nextInt(1000));
                default -> packet.flags(16);
            }
            long frame = packet.allocate(arena);
            byte[] before = new byte[packet.length() - 12 + 10];
            Memory.copyOut(frame - 10, before, 0, 10);
            Memory.copyOut(frame + 12, before, 10, packet.length() - 12);
            long transport = frame + 34;
            long six = HeaderTranslation.toIpv6(frame, transport, pair);
            assertThat(six).isEqualTo(frame - 20);
            if (VirtioNetHeader.needsChecksum(six)) {
                assertThat(VirtioNetHeader.checksumStart(six)).isEqualTo(54);
            }
            long four = HeaderTranslation.toIpv4(six, transport, addresses(), 9);
            assertThat(four).isEqualTo(frame);
            byte[] after = new byte[before.length];
            Memory.copyOut(four - 10, after, 0, 10);
            Memory.copyOut(four + 12, after, 10, packet.length() - 12);
            assertThat(after).isEqualTo(before);
        }
    }
}

package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames of IPv6: description, frame, kind, offset of the transport header. */
class Ipv6ClassifierTest {
    private static final GuardedMemory GUARDED = new GuardedMemory();
    private static final Address CLIENT = Address.parse("2408::1");
    private static final Address VIP = Address.parse("2001::204");

    private static PacketBuilder tcp() {
        return PacketBuilder.tcp(CLIENT, 1234, VIP, 80);
    }

    private static PacketBuilder between(String source, String destination) {
        return PacketBuilder.udp(Address.parse(source), 1, Address.parse(destination), 2);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] with(byte[] frame, int at, int value) {
        frame[at] = (byte) value;
        return frame;
    }

    static Stream<Arguments> frames() {
        return Stream.of(
                Arguments.of("TCP", tcp().toBytes(), FrameKind.TCP6, 54),
                Arguments.of("UDP", between("2408::1", "2001::1").payload(5).toBytes(), FrameKind.UDP6, 54),
                Arguments.of("echo", PacketBuilder.echo(CLIENT, VIP, 1, 1).toBytes(), FrameKind.ICMP6, 54),
                Arguments.of(
                        "another protocol",
                        PacketBuilder.ip(132, CLIENT, VIP).payload(20).toBytes(),
                        FrameKind.OTHER6,
                        54),
                Arguments.of("no next header", PacketBuilder.ip(59, CLIENT, VIP).toBytes(), FrameKind.OTHER6, 54),
                Arguments.of(
                        "hop-by-hop and destination options",
                        tcp().extensions(0, bytes("3c00 0104 00000000 0600 0104 00000000"))
                                .toBytes(),
                        FrameKind.TCP6,
                        70),
                Arguments.of(
                        "routing header at its end",
                        tcp().extensions(43, bytes("0600 0400 00000000")).toBytes(),
                        FrameKind.TCP6,
                        62),
                Arguments.of(
                        "authentication header",
                        tcp().extensions(51, bytes("0604 0000 00000001 00000001 0000000000000000 00000000"))
                                .toBytes(),
                        FrameKind.TCP6,
                        78),
                Arguments.of(
                        "fragment",
                        tcp().extensions(44, bytes("0600 0001 00000007")).toBytes(),
                        FrameKind.FRAGMENT6,
                        54),
                Arguments.of(
                        "fragment behind options",
                        tcp().extensions(60, bytes("2c00 0104 00000000 0600 0001 00000007"))
                                .toBytes(),
                        FrameKind.FRAGMENT6,
                        62),
                Arguments.of(
                        "a group asked by nobody yet",
                        PacketBuilder.ip(58, Address.NONE, Address.parse("ff02::1:ff00:1"))
                                .payload(24)
                                .toBytes(),
                        FrameKind.ICMP6,
                        54),
                Arguments.of(
                        "routing type 0 with a way to go",
                        tcp().extensions(43, bytes("0600 0001 00000000")).toBytes(),
                        FrameKind.BAD_EXTENSION_HEADER,
                        0),
                Arguments.of(
                        "hop-by-hop in second place",
                        tcp().extensions(60, bytes("0000 0104 00000000 0600 0104 00000000"))
                                .toBytes(),
                        FrameKind.BAD_EXTENSION_HEADER,
                        0),
                Arguments.of(
                        "options longer than the packet",
                        tcp().extensions(60, bytes("06ff 0104 00000000")).toBytes(),
                        FrameKind.BAD_EXTENSION_HEADER,
                        0),
                Arguments.of(
                        "nine of them",
                        tcp().extensions(60, bytes("3c00 0104 00000000".repeat(8) + "0600 0104 00000000"))
                                .toBytes(),
                        FrameKind.BAD_EXTENSION_HEADER,
                        0),
                Arguments.of(
                        "eight of them",
                        tcp().extensions(60, bytes("3c00 0104 00000000".repeat(7) + "0600 0104 00000000"))
                                .toBytes(),
                        FrameKind.TCP6,
                        54 + 64),
                Arguments.of(
                        "half a fragment header",
                        PacketBuilder.ip(44, CLIENT, VIP).payload(4).toBytes(),
                        FrameKind.BAD_EXTENSION_HEADER,
                        0),
                Arguments.of("version 4", with(tcp().toBytes(), 14, 0x40), FrameKind.BAD_IP_HEADER, 0),
                Arguments.of("longer than the frame", with(tcp().toBytes(), 19, 21), FrameKind.BAD_IP_LENGTH, 0),
                Arguments.of("shorter than TCP", with(tcp().toBytes(), 19, 19), FrameKind.BAD_TCP_HEADER, 0),
                Arguments.of(
                        "UDP longer than the packet",
                        with(between("2408::1", "2001::1").toBytes(), 59, 9),
                        FrameKind.BAD_UDP_HEADER,
                        0),
                Arguments.of(
                        "UDP length 0",
                        with(between("2408::1", "2001::1").toBytes(), 59, 0),
                        FrameKind.BAD_UDP_HEADER,
                        0),
                Arguments.of(
                        "half an ICMPv6 header",
                        PacketBuilder.ip(58, CLIENT, VIP).payload(7).toBytes(),
                        FrameKind.BAD_ICMP_HEADER,
                        0),
                Arguments.of("from a group", between("ff02::1", "2001::1").toBytes(), FrameKind.BAD_IP_HEADER, 0),
                Arguments.of("from the loopback", between("::1", "2001::1").toBytes(), FrameKind.BAD_IP_HEADER, 0),
                Arguments.of("to the loopback", between("2001::1", "::1").toBytes(), FrameKind.BAD_IP_HEADER, 0),
                Arguments.of("to nobody", between("2001::1", "::").toBytes(), FrameKind.BAD_IP_HEADER, 0),
                Arguments.of("from nobody to somebody", between("::", "2001::1").toBytes(), FrameKind.BAD_IP_HEADER, 0),
                Arguments.of("to itself", between("2001::1", "2001::1").toBytes(), FrameKind.BAD_IP_HEADER, 0),
                Arguments.of(
                        "from a v4-mapped address",
                        with(with(between("::fffe:10.0.0.1", "2001::1").toBytes(), 32, 0xff), 33, 0xff),
                        FrameKind.BAD_IP_HEADER,
                        0));
    }

    private static int classify(byte[] frame) {
        int atEnd = Classifier.classify(GUARDED.atEnd(frame), frame.length);
        assertThat(Classifier.classify(GUARDED.atStart(frame), frame.length)).isEqualTo(atEnd);
        return atEnd;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void kinds(String description, byte[] frame, int kind, int offset) {
        int classification = classify(frame);
        assertThat(FrameKind.kind(classification)).as(description).isEqualTo(kind);
        assertThat(FrameKind.transportOffset(classification)).isEqualTo(offset);
    }

    @Test
    void whatEndsEarlyIsTruncatedOrTooLong() {
        byte[] frame = tcp().toBytes();
        for (int length = 14; length < frame.length; length++) {
            int kind = FrameKind.kind(classify(java.util.Arrays.copyOf(frame, length)));
            assertThat(kind).isEqualTo(length < 54 ? FrameKind.BAD_TRUNCATED : FrameKind.BAD_IP_LENGTH);
        }
    }

    @Test
    void flowsKnowTheirFamilyAndProtocol() {
        assertThat(FrameKind.isFlow(FrameKind.UDP6)).isTrue();
        assertThat(FrameKind.isFlow(FrameKind.ICMP4)).isFalse();
        assertThat(FrameKind.isUdp(FrameKind.UDP6) && FrameKind.isUdp(FrameKind.UDP4))
                .isTrue();
        assertThat(FrameKind.isUdp(FrameKind.TCP6) || FrameKind.isUdp(FrameKind.TCP4))
                .isFalse();
        assertThat(FrameKind.isFlowOfIpv6(FrameKind.TCP6) && FrameKind.isFlowOfIpv6(FrameKind.UDP6))
                .isTrue();
        assertThat(FrameKind.isFlowOfIpv6(FrameKind.TCP4) || FrameKind.isFlowOfIpv6(FrameKind.UDP4))
                .isFalse();
    }
}

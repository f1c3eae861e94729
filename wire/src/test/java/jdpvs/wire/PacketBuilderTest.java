package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketBuilderTest {
    private static final int A = Ipv4Address.parse("10.0.0.1");
    private static final int B = Ipv4Address.parse("10.0.0.2");

    /** Bytes written down by hand from RFC 9293, RFC 791 and RFC 1071. */
    @Test
    void aSynIsWhatTheRfcsSay() {
        byte[] syn = PacketBuilder.tcp("10.0.0.1", 1234, "10.0.0.2", 80)
                .flags(Tcp.SYN)
                .sequence(0x01020304)
                .window(0x7210)
                .option(TcpOptions.MAXIMUM_SEGMENT_SIZE, 0x05, 0xb4)
                .toBytes();
        assertThat(HexFormat.of().formatHex(syn))
                .isEqualTo("020000000002" + "020000000001" + "0800" // Ethernet
                        + "4500002c" + "00014000" + "400626c9" + "0a000001" + "0a000002" // IPv4
                        + "04d20050" + "01020304" + "00000000" + "60027210" + "08ec0000" // TCP
                        + "020405b4");
    }

    @Test
    void valuesComeBackAsBuilt() {
        try (Arena arena = Arena.ofConfined()) {
            PacketBuilder tcp = PacketBuilder.tcp(A, 1, B, 2)
                    .flags(Tcp.SYN | Tcp.ACK)
                    .acknowledgement(77)
                    .option(TcpOptions.WINDOW_SCALE, 7)
                    .payload("hello");
            assertThat(TcpSegment.read(tcp.allocate(arena), tcp.length()))
                    .isEqualTo(new TcpSegment(
                            A, 1, B, 2, 1000, 77, Tcp.SYN | Tcp.ACK, 65535, List.of(3, 3, 7, 1), 5, true))
                    .hasToString("10.0.0.1:1 > 10.0.0.2:2 SA seq 1000 ack 77 win 65535 options [3, 3, 7, 1] payload 5");
            PacketBuilder udp = PacketBuilder.udp(A, 1, B, 2).payload(9);
            assertThat(UdpDatagram.read(udp.allocate(arena), udp.length()))
                    .isEqualTo(new UdpDatagram(A, 1, B, 2, 9, true));
            udp.withoutChecksum();
            long frame = udp.allocate(arena);
            assertThat(Udp.checksum(frame + 34)).isZero();
            assertThat(UdpDatagram.read(frame, udp.length()).checksumValid()).isTrue();
            assertThatThrownBy(() -> TcpSegment.read(frame, 51)).hasMessageContaining("no TCP segment");
            PacketBuilder echo = PacketBuilder.echo(A, B, 3, 4).payload(56);
            long icmp = echo.allocate(arena) + 34;
            assertThat(IcmpEcho.read(icmp, 64)).isEqualTo(new IcmpEcho(false, 3, 4, 64));
            assertThatThrownBy(() -> IcmpEcho.read(icmp, 63)).hasMessageContaining("damaged");
        }
    }

    @Test
    void arpComesBackAsBuilt() {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = PacketBuilder.arp(Arp.REQUEST, 0x0200_0000_0001L, A, 0, B);
            long frame = arena.allocate(64).address();
            Memory.copyIn(bytes, 0, frame, bytes.length);
            assertThat(HexFormat.of().formatHex(bytes))
                    .isEqualTo("ffffffffffff" + "020000000001" + "0806" + "0001080006040001" + "020000000001"
                            + "0a000001" + "000000000000" + "0a000002");
            ArpPacket packet = ArpPacket.read(frame + 14);
            assertThat(packet)
                    .isEqualTo(new ArpPacket(Arp.REQUEST, 0x0200_0000_0001L, A, 0, B))
                    .hasToString("who has 10.0.0.2, asks 10.0.0.1 (02:00:00:00:00:01)");
            packet.write(frame);
            assertThat(ArpPacket.read(frame)).isEqualTo(packet);
        }
    }

    @Test
    void aSegmentedPacketCarriesItsVirtioHeader() {
        try (Arena arena = Arena.ofConfined()) {
            PacketBuilder builder =
                    PacketBuilder.tcp(A, 1, B, 2).payload(65_495).segmentSize(1448);
            long frame = builder.allocate(arena);
            assertThat(builder.length()).isEqualTo(65_549);
            assertThat(FrameKind.kind(Classifier.classify(frame, builder.length())))
                    .isEqualTo(FrameKind.TCP4);
            assertThat(VirtioNetHeader.needsChecksum(frame)).isTrue();
            assertThat(VirtioNetHeader.gsoType(frame)).isEqualTo(VirtioNetHeader.GSO_TCP4);
            assertThat(VirtioNetHeader.headerLength(frame)).isEqualTo(54);
            assertThat(VirtioNetHeader.segmentSize(frame)).isEqualTo(1448);
            assertThat(VirtioNetHeader.checksumStart(frame)).isEqualTo(34);
            assertThat(VirtioNetHeader.checksumOffset(frame)).isEqualTo(16);
            builder.payload(65_496);
            assertThatThrownBy(builder::toBytes).hasMessageContaining("65535");
        }
    }

    @Test
    void textOfAddresses() {
        assertThat(Ipv4Address.format(Ipv4Address.parse("192.168.229.204"))).isEqualTo("192.168.229.204");
        for (String bad : new String[] {"", "1.2.3", "1.2.3.256", "1.2.3.4.5", "a.b.c.d", "1..2.3", "-1.2.3.4"}) {
            assertThatThrownBy(() -> Ipv4Address.parse(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not an IPv4 address");
        }
        assertThat(MacAddress.format(MacAddress.parse("02:0:5E:10:00:01"))).isEqualTo("02:00:5e:10:00:01");
        for (String bad : new String[] {"", "02:00:5e:10:00", "02:00:5e:10:00:1g", "02-00-5e-10-00-01"}) {
            assertThatThrownBy(() -> MacAddress.parse(bad)).hasMessageContaining("not a MAC address");
        }
        assertThat(Ipv4Address.mask(0)).isZero();
        assertThat(Ipv4Address.mask(24)).isEqualTo(0xffffff00);
        assertThat(Ipv4Address.mask(32)).isEqualTo(-1);
    }

    @Test
    void ethernetAddressesComeBackAsWritten() {
        try (Arena arena = Arena.ofConfined()) {
            long frame = arena.allocate(64).address();
            Ethernet.set(frame, 0xfedc_ba98_7654L, 0x0123_4567_89abL, Ethernet.TYPE_IPV6);
            assertThat(Ethernet.destination(frame)).isEqualTo(0xfedc_ba98_7654L);
            assertThat(Ethernet.source(frame)).isEqualTo(0x0123_4567_89abL);
            assertThat(Ethernet.type(frame)).isEqualTo(Ethernet.TYPE_IPV6);
            assertThat(Ethernet.isGroup(0x0100_5e00_0001L)).isTrue();
            assertThat(Ethernet.isGroup(0x0200_5e00_0001L)).isFalse();
        }
    }

    @Test
    void virtioHeaderMovesDownWithItsFrame() {
        try (Arena arena = Arena.ofConfined()) {
            long frame = PacketBuilder.tcp(A, 1, B, 2)
                    .payload(3000)
                    .segmentSize(1448)
                    .allocate(arena);
            VirtioNetHeader.moveDown(frame, 8);
            assertThat(VirtioNetHeader.headerLength(frame - 8)).isEqualTo(62);
            assertThat(VirtioNetHeader.segmentSize(frame - 8)).isEqualTo(1448);
            assertThat(VirtioNetHeader.needsChecksum(frame - 8)).isTrue();
            assertThat(VirtioNetHeader.checksumStart(frame - 8)).isEqualTo(34);
        }
    }
}

package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.balancer.forward.Way.Established;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link FullNatTest} says of TCP over IPv4, where a side or both are IPv6. */
class TcpFamiliesTest {
    private final Random random = new Random(64);

    private static int mss(Packet packet) {
        byte[] options = packet.options();
        return options[0] == 2 ? (options[2] & 0xff) << 8 | (options[3] & 0xff) : 0;
    }

    @ParameterizedTest
    @EnumSource
    void handshakeAndClientAddress(Way way) {
        World world = way.world();
        Packet syn = world.receive(WAN, way.fromClient(Tcp.SYN).ttl(17).options(new byte[] {2, 4, 5, (byte) 0xa0}))
                .getFirst();

        assertThat(syn.source()).isEqualTo(Address.parse(way.lip).withPort(syn.localPort()));
        assertThat(syn.destination()).isEqualTo(Address.parse(way.server).withPort(80));
        assertThat(syn.device()).isEqualTo(LAN);
        assertThat(syn.destinationMac()).isEqualTo(World.SERVER_1_MAC);
        assertThat(syn.sourceMac()).isEqualTo(World.LAN_MAC);
        assertThat(mss(syn)).isEqualTo(1440);
        assertThat(syn.hops()).isEqualTo(17);
        assertThat(syn.isSound()).isTrue();

        int expected = Tcp.sequence(syn.transport()) + 1;
        Packet synAck = world.receive(
                        LAN,
                        way.fromServer(syn.localPort(), Tcp.SYN | Tcp.ACK)
                                .sequence(500)
                                .acknowledgement(expected)
                                .options(new byte[] {2, 4, 5, (byte) 0xb4}))
                .getFirst();
        assertThat(synAck.source()).isEqualTo(Address.parse(way.vip).withPort(80));
        assertThat(synAck.destination()).isEqualTo(Address.parse(way.client).withPort(40_000));
        assertThat(synAck.destinationMac()).isEqualTo(World.GATEWAY_MAC);
        assertThat(mss(synAck)).isEqualTo(1460 - way.optionLength());
        assertThat(synAck.isSound()).isTrue();

        Packet told = world.receive(WAN, way.fromClient(Tcp.ACK).sequence(1).acknowledgement(501))
                .getFirst();
        ByteBuffer option = ByteBuffer.wrap(told.options());
        assertThat(option.remaining()).isEqualTo(way.optionLength());
        assertThat(option.get() & 0xff).isEqualTo(254);
        assertThat(option.get()).isEqualTo((byte) way.optionLength());
        assertThat(option.getShort() & 0xffff).isEqualTo(40_000);
        byte[] address = new byte[way.optionLength() - 4];
        option.get(address);
        assertThat(address).isEqualTo(bytes(Address.parse(way.client)));
        assertThat(told.isSound()).isTrue();
        assertThat(world.dropped()).isEmpty();
        assertThat(world.states()).isEqualTo("TCP_EST");
    }

    private static byte[] bytes(Address address) {
        byte[] all = ByteBuffer.allocate(16)
                .putLong(address.high())
                .putLong(address.low())
                .array();
        return address.isIpv4() ? Arrays.copyOfRange(all, 12, 16) : all;
    }

    @ParameterizedTest
    @EnumSource
    void segmentsOfAnEstablishedConnection(Way way) {
        World world = way.world();
        Established established = way.establish(world);
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[1 + random.nextInt(1400)];
            random.nextBytes(payload);
            boolean outbound = random.nextBoolean();
            PacketBuilder segment = outbound
                    ? way.fromServer(established.localPort(), Tcp.ACK)
                            .sequence(600 + i)
                            .acknowledgement(200 + established.shift())
                    : way.fromClient(Tcp.ACK | Tcp.PSH).sequence(200 + i).acknowledgement(600);
            segment.payload(payload).fragment(Ipv4.DONT_FRAGMENT);
            if (random.nextBoolean()) {
                segment.partialChecksum();
            }
            Packet sent = world.receive(outbound ? LAN : WAN, segment).getFirst();
            assertThat(sent.isSound()).isTrue();
            assertThat(sent.payload()).isEqualTo(payload);
            assertThat(Tcp.sequence(sent.transport())).isEqualTo(outbound ? 600 + i : 200 + i + established.shift());
            assertThat(Tcp.acknowledgement(sent.transport())).isEqualTo(outbound ? 200 : 600);
        }
        assertThat(world.dropped()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void listsCountsAndEnds(Way way) {
        World world = way.world();
        way.establish(world);
        ConnectionSnapshot[] seen = new ConnectionSnapshot[1];
        world.balancer.connections().forEach(connection -> {
            seen[0] = connection;
            return true;
        });
        assertThat(seen[0].clientAddress()).isEqualTo(Address.parse(way.client));
        assertThat(seen[0].virtualAddress()).isEqualTo(Address.parse(way.vip));
        assertThat(seen[0].localAddress()).isEqualTo(Address.parse(way.lip));
        assertThat(seen[0].serverAddress()).isEqualTo(Address.parse(way.server));

        // Both ends hear of the end, in their own families.
        assertThat(world.pass(200)).hasSize(2).allSatisfy(reset -> {
            assertThat(reset.flags()).isEqualTo(Tcp.RST | Tcp.ACK);
            assertThat(reset.isSound()).isTrue();
        });
        assertThat(world.balancer.connections().size()).isZero();
        // Nothing of it is left in the index: the next client's SYN opens another.
        way.establish(world);
        assertThat(world.balancer.connections().size()).isEqualTo(1);
        assertThat(world.dropped()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SIX, 1461, 2/0 1500", "SIX, 1440, ''",
        "NAT64, 1461, 2/0 1520", "NAT64, 1460, ''",
        "NAT46, 1441, 3/4 1480", "NAT46, 1440, ''",
        "FOUR, 1461, 3/4 1500", "FOUR, 1460, ''"
    })
    void sizesAreToldInTheSendersFamily(Way way, int payload, String error) {
        World world = way.world();
        way.establish(world);
        world.sent.clear();
        world.receive(
                WAN,
                way.fromClient(Tcp.ACK)
                        .sequence(101)
                        .acknowledgement(502)
                        .payload(payload)
                        .fragment(Ipv4.DONT_FRAGMENT));
        if (error.isEmpty()) {
            assertThat(world.sent).singleElement().satisfies(sent -> {
                assertThat(sent.isSound()).isTrue();
                assertThat(sent.totalLength()).isLessThanOrEqualTo(1500);
            });
            assertThat(world.errors).isEmpty();
        } else {
            assertThat(world.sent).isEmpty();
            assertThat(world.errors).containsExactly(error);
            assertThat(world.dropped()).containsOnlyKeys(DropReason.TOO_BIG);
        }
    }

    @ParameterizedTest
    @EnumSource
    void segmentedFramesKeepTheirState(Way way) {
        World world = way.world();
        Established established = way.establish(world);
        boolean ipv6Client = !Address.parse(way.client).isIpv4();
        boolean ipv6Server = !Address.parse(way.server).isIpv4();
        PacketBuilder up = way.fromClient(Tcp.ACK)
                .sequence(101)
                .acknowledgement(502)
                .payload(14_000)
                .fragment(Ipv4.DONT_FRAGMENT)
                .segmentSize(1400);
        Packet sent = world.receive(WAN, up).getFirst();
        assertThat(VirtioNetHeader.gsoType(sent.frame()))
                .isEqualTo(ipv6Server ? VirtioNetHeader.GSO_TCP6 : VirtioNetHeader.GSO_TCP4);
        assertThat(VirtioNetHeader.segmentSize(sent.frame())).isEqualTo(1400);
        assertThat(VirtioNetHeader.headerLength(sent.frame())).isEqualTo((int) (sent.transport() - sent.frame()) + 20);
        assertThat(sent.isSound()).isTrue();
        assertThat(sent.totalLength()).isEqualTo(14_040 + (ipv6Server ? 20 : 0));
        PacketBuilder down = way.fromServer(established.localPort(), Tcp.ACK)
                .sequence(502)
                .acknowledgement(101 + established.shift())
                .payload(14_000)
                .fragment(Ipv4.DONT_FRAGMENT)
                .segmentSize(1400);
        Packet back = world.receive(LAN, down).getFirst();
        assertThat(VirtioNetHeader.gsoType(back.frame()))
                .isEqualTo(ipv6Client ? VirtioNetHeader.GSO_TCP6 : VirtioNetHeader.GSO_TCP4);
        assertThat(back.isSound()).isTrue();
        assertThat(Memory.getByte(back.frame() + 12)).isEqualTo(ipv6Client ? 0x86 : 0x08);
    }
}

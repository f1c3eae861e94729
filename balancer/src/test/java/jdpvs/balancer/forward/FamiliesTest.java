package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.balancer.service.Protocol;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.IcmpError;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link FullNatTest} says of IPv4, where a side or both are IPv6. */
class FamiliesTest {
    /** The client's family and the servers'. */
    enum Way {
        SIX(World.CLIENT_6, World.VIP_6, World.LIP_6, World.SERVER_6),
        NAT64(World.CLIENT_6, World.VIP_6, World.LIP, World.SERVER_1),
        NAT46(World.CLIENT, World.VIP, World.LIP_6, World.SERVER_6),
        FOUR(World.CLIENT, World.VIP, World.LIP, World.SERVER_1);

        final String client;
        final String vip;
        final String lip;
        final String server;

        Way(String client, String vip, String lip, String server) {
            this.client = client;
            this.vip = vip;
            this.lip = lip;
            this.server = server;
        }

        /** By how many bytes a packet to the server is longer. */
        int growth() {
            return this == NAT64 ? -20 : this == NAT46 ? 20 : 0;
        }

        int optionLength() {
            return Address.parse(client).isIpv4() ? 8 : 20;
        }

        World world() {
            return world(ServiceSettings.of("rr"), ServiceSettings.of("rr"));
        }

        World world(ServiceSettings ofWeb, ServiceSettings ofDns) {
            VirtualEndpoint web = new VirtualEndpoint(Protocol.TCP, Address.parse(vip), 80);
            VirtualEndpoint dns = new VirtualEndpoint(Protocol.UDP, Address.parse(vip), 53);
            ServerEndpoint to = new ServerEndpoint(Address.parse(server), 80);
            return new World()
                    .services(change -> change.addService(web, ofWeb)
                            .addServer(web, to, ServerSettings.weight(1))
                            .addLocalAddress(web, Address.parse(lip), LAN)
                            .addService(dns, ofDns)
                            .addServer(dns, to, ServerSettings.weight(1))
                            .addLocalAddress(dns, Address.parse(lip), LAN));
        }

        PacketBuilder fromClient(int flags) {
            return PacketBuilder.tcp(client, 40_000, vip, 80).flags(flags);
        }

        PacketBuilder fromServer(int localPort, int flags) {
            return PacketBuilder.tcp(server, 80, lip, localPort).flags(flags);
        }

        PacketBuilder datagram() {
            return PacketBuilder.udp(client, 5353, vip, 53);
        }

        PacketBuilder answer(int localPort) {
            return PacketBuilder.udp(server, 80, lip, localPort);
        }
    }

    private final Random random = new Random(64);
    private int shift;

    /** By how much the connection that was established last shifts the client's numbers. */
    int shift() {
        return shift;
    }

    private static int mss(Packet packet) {
        byte[] options = packet.options();
        return options[0] == 2 ? (options[2] & 0xff) << 8 | (options[3] & 0xff) : 0;
    }

    /** Up to the client's second acknowledgement; the local port. */
    int establish(Way way, World world) {
        Packet syn = world.receive(WAN, way.fromClient(Tcp.SYN).sequence(100)).getFirst();
        shift = Tcp.sequence(syn.transport()) - 100;
        world.receive(
                LAN,
                way.fromServer(syn.localPort(), Tcp.SYN | Tcp.ACK).sequence(500).acknowledgement(101 + shift));
        world.receive(WAN, way.fromClient(Tcp.ACK).sequence(101).acknowledgement(501));
        world.receive(
                LAN,
                way.fromServer(syn.localPort(), Tcp.ACK)
                        .sequence(501)
                        .acknowledgement(101 + shift)
                        .payload(1));
        world.receive(WAN, way.fromClient(Tcp.ACK).sequence(101).acknowledgement(502));
        return syn.localPort();
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
        assertThat(hops(syn)).isEqualTo(17);
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

    private static int hops(Packet packet) {
        return Ip.isIpv6(packet.ip()) ? Ipv6.hopLimit(packet.ip()) : Ipv4.ttl(packet.ip());
    }

    @ParameterizedTest
    @EnumSource
    void datagramsBothWaysFullAndPartial(Way way) {
        World world = way.world();
        for (int i = 0; i < 200; i++) {
            byte[] payload = new byte[random.nextInt(1100)];
            random.nextBytes(payload);
            PacketBuilder query = way.datagram().payload(payload).ttl(1 + i);
            Packet there = world.receive(WAN, i % 3 == 0 ? query.partialChecksum() : query)
                    .getFirst();
            assertThat(there.destination()).isEqualTo(Address.parse(way.server).withPort(80));
            assertThat(there.isSound()).isTrue();
            assertThat(there.payload()).isEqualTo(payload);
            assertThat(hops(there)).isEqualTo(1 + i);
            PacketBuilder reply = way.answer(there.localPort()).payload(payload);
            Packet back = world.receive(LAN, i % 5 == 0 ? reply.partialChecksum() : reply)
                    .getFirst();
            assertThat(back.source()).isEqualTo(Address.parse(way.vip).withPort(53));
            assertThat(back.destination()).isEqualTo(Address.parse(way.client).withPort(5353));
            assertThat(back.isSound()).isTrue();
            assertThat(back.payload()).isEqualTo(payload);
        }
        assertThat(world.dropped()).isEmpty();
        assertThat(world.balancer.connections().size()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void segmentsOfAnEstablishedConnection(Way way) {
        World world = way.world();
        int port = establish(way, world);
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[1 + random.nextInt(1400)];
            random.nextBytes(payload);
            boolean outbound = random.nextBoolean();
            PacketBuilder segment = outbound
                    ? way.fromServer(port, Tcp.ACK).sequence(600 + i).acknowledgement(200 + shift)
                    : way.fromClient(Tcp.ACK | Tcp.PSH).sequence(200 + i).acknowledgement(600);
            segment.payload(payload).fragment(Ipv4.DONT_FRAGMENT);
            if (random.nextBoolean()) {
                segment.partialChecksum();
            }
            Packet sent = world.receive(outbound ? LAN : WAN, segment).getFirst();
            assertThat(sent.isSound()).isTrue();
            assertThat(sent.payload()).isEqualTo(payload);
            assertThat(Tcp.sequence(sent.transport())).isEqualTo(outbound ? 600 + i : 200 + i + shift);
            assertThat(Tcp.acknowledgement(sent.transport())).isEqualTo(outbound ? 200 : 600);
        }
        assertThat(world.dropped()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void listsCountsAndEnds(Way way) {
        World world = way.world();
        establish(way, world);
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
        establish(way, world);
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
        establish(way, world);
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

    /** RFC 7915 §4: what may be cut leaves in pieces of 1,280; the stack cuts. */
    @Test
    void aLongDatagramOfIpv4LeavesInFragmentsOfIpv6() {
        World world = Way.NAT46.world();
        Packet sent = world.receive(WAN, Way.NAT46.datagram().payload(1300).fragment(0))
                .getFirst();
        assertThat(VirtioNetHeader.gsoType(sent.frame())).isEqualTo(VirtioNetHeader.GSO_UDP);
        assertThat(VirtioNetHeader.segmentSize(sent.frame())).isEqualTo(1232);
        assertThat(sent.isSound()).isTrue();
    }

    /** What came in fragments may leave in fragments: the stack is given it whole, longer than the MTU. */
    @ParameterizedTest
    @EnumSource
    void fragmentsBecomeADatagramThatMayBeCutAgain(Way way) {
        World world = way.world();
        byte[] payload = new byte[1473];
        random.nextBytes(payload);
        Packet first = world.receive(WAN, way.datagram()).getFirst();
        for (boolean outbound : new boolean[] {false, true}) {
            world.sent.clear();
            PacketBuilder whole = (outbound ? way.answer(first.localPort()) : way.datagram()).payload(payload);
            for (PacketBuilder piece : pieces(whole)) {
                world.receive(outbound ? LAN : WAN, piece);
            }
            assertThat(world.sent).singleElement().satisfies(sent -> {
                assertThat(sent.isSound()).isTrue();
                assertThat(sent.payload()).isEqualTo(payload);
                if (Ip.isIpv6(sent.ip())) {
                    assertThat(VirtioNetHeader.gsoType(sent.frame())).isEqualTo(VirtioNetHeader.GSO_UDP);
                } else {
                    assertThat(VirtioNetHeader.gsoType(sent.frame())).isEqualTo(VirtioNetHeader.GSO_NONE);
                    assertThat(Ipv4.flagsAndOffset(sent.ip())).isZero();
                }
            });
            assertThat(world.outputs).as("left through the stack").isPositive();
            world.outputs = 0;
        }
        assertThat(world.dropped()).isEmpty();
    }

    /** Two fragments of a packet, the first with 1,232 bytes behind the IP header. */
    static PacketBuilder[] pieces(PacketBuilder whole) {
        byte[] frame = whole.toBytes();
        boolean ipv6 = (frame[14] & 0xf0) == 0x60;
        int header = 14 + (ipv6 ? 40 : 20);
        byte[] first = Arrays.copyOfRange(frame, header, header + 1232);
        byte[] second = Arrays.copyOfRange(frame, header + 1232, frame.length);
        return new PacketBuilder[] {piece(frame, ipv6, first, 0, true), piece(frame, ipv6, second, 1232, false)};
    }

    private static PacketBuilder piece(byte[] frame, boolean ipv6, byte[] bytes, int offset, boolean more) {
        ByteBuffer ip = ByteBuffer.wrap(frame, 14, frame.length - 14).slice();
        if (!ipv6) {
            return PacketBuilder.ipv4(ip.get(9), ip.getInt(12), ip.getInt(16))
                    .identification(77)
                    .fragment(offset / 8 | (more ? Ipv4.MORE_FRAGMENTS : 0))
                    .payload(bytes);
        }
        byte[] fragment = ByteBuffer.allocate(8)
                .putShort((short) (ip.get(6) << 8))
                .putShort((short) (offset | (more ? 1 : 0)))
                .putInt(77)
                .array();
        return PacketBuilder.ip(
                        ip.get(6),
                        new Address(ip.getLong(8), ip.getLong(16)),
                        new Address(ip.getLong(24), ip.getLong(32)))
                .extensions(Ipv6.FRAGMENT, fragment)
                .payload(bytes);
    }

    /** A fragment inside a fragment, two atomic ones here: each layer would cost a copy. */
    @Test
    void fragmentsOfFragmentsAreRefused() {
        World world = Way.SIX.world();
        byte[] nested = {44, 0, 0, 0, 0, 0, 0, 1, 17, 0, 0, 0, 0, 0, 0, 2};
        world.receive(WAN, Way.SIX.datagram().payload(100).extensions(Ipv6.FRAGMENT, nested));
        assertThat(world.sent).isEmpty();
        assertThat(world.dropped()).containsOnlyKeys(DropReason.BAD_FRAGMENT);
        byte[] single = {17, 0, 0, 0, 0, 0, 0, 1};
        world.receive(WAN, Way.SIX.datagram().payload(100).extensions(Ipv6.FRAGMENT, single));
        assertThat(world.sent).hasSize(1);
    }

    /** RFC 7915 §5.1. */
    @ParameterizedTest
    @CsvSource({"1212, true", "1232, true", "1233, false", "1400, false"})
    void smallPacketsOfIpv6MayBeFragmentedAsIpv4(int payload, boolean mayBe) {
        World world = Way.NAT64.world();
        Packet sent = world.receive(WAN, Way.NAT64.datagram().payload(payload)).getFirst();
        assertThat(Ipv4.flagsAndOffset(sent.ip())).isEqualTo(mayBe ? 0 : Ipv4.DONT_FRAGMENT);
        assertThat(Ipv4.identification(sent.ip()) == 0).isEqualTo(!mayBe);
    }

    /** RFC 7915 §4.5. */
    @Test
    void aDatagramWithoutChecksumGetsOne() {
        World world = Way.NAT46.world();
        PacketBuilder query = Way.NAT46.datagram().payload(77).withoutChecksum();
        assertThat(world.receive(WAN, query).getFirst().isSound()).isTrue();
        // One of IPv6 is a defect (RFC 8200 §8.1), and must not become sound on its way.
        PacketBuilder defect = Way.SIX.datagram().payload(77).withoutChecksum();
        assertThat(Way.SIX.world().receive(WAN, defect).getFirst().isSound()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void segmentedFramesKeepTheirState(Way way) {
        World world = way.world();
        int port = establish(way, world);
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
        PacketBuilder down = way.fromServer(port, Tcp.ACK)
                .sequence(502)
                .acknowledgement(101 + shift)
                .payload(14_000)
                .fragment(Ipv4.DONT_FRAGMENT)
                .segmentSize(1400);
        Packet back = world.receive(LAN, down).getFirst();
        assertThat(VirtioNetHeader.gsoType(back.frame()))
                .isEqualTo(ipv6Client ? VirtioNetHeader.GSO_TCP6 : VirtioNetHeader.GSO_TCP4);
        assertThat(back.isSound()).isTrue();
        assertThat(Memory.getByte(back.frame() + 12)).isEqualTo(ipv6Client ? 0x86 : 0x08);
    }

    @Test
    void extensionHeadersGoWithTheOtherFamilyAndStayWithTheirOwn() {
        for (Way way : new Way[] {Way.SIX, Way.NAT64}) {
            World world = way.world();
            PacketBuilder query = way.datagram().payload(100).extensions(60, new byte[] {17, 0, 1, 4, 0, 0, 0, 0});
            Packet sent = world.receive(WAN, query).getFirst();
            assertThat(sent.totalLength()).isEqualTo(way == Way.SIX ? 40 + 8 + 8 + 100 : 20 + 8 + 100);
            assertThat(way == Way.SIX || sent.isSound()).isTrue();
            assertThat(world.dropped()).isEmpty();
        }
    }

    /** An error from a router towards the servers, or towards the clients, about what was sent there. */
    private static PacketBuilder error(Packet about, String router, int type4, int type6, int code, int word) {
        byte[] quoted = new byte[Math.min(about.totalLength(), 500)];
        Memory.copyOut(about.ip(), quoted, 0, quoted.length);
        boolean ipv6 = Ip.isIpv6(about.ip());
        return PacketBuilder.echo(Address.parse(router), Ip.source(about.ip()), word >>> 16, word & 0xffff)
                .icmp(ipv6 ? type6 : type4, code)
                .payload(quoted);
    }

    /** RFC 7915 §4.2, §4.3, §5.2, §5.3: who sent the packet hears of it in its own words. */
    @ParameterizedTest
    @EnumSource
    void errorsAreTranslatedBothWays(Way way) {
        World world = way.world();
        Packet query = world.receive(WAN, way.datagram().payload(600)).getFirst();
        Packet reply =
                world.receive(LAN, way.answer(query.localPort()).payload(700)).getFirst();
        boolean ipv6Servers = Ip.isIpv6(query.ip());
        boolean ipv6Client = Ip.isIpv6(reply.ip());

        Packet toClient = world.receive(
                        LAN,
                        error(query, ipv6Servers ? "2001:db8:229::9" : "192.168.229.9", 3, 1, ipv6Servers ? 4 : 3, 0))
                .getFirst();
        check(toClient, way.vip, way.client, way.vip, 5353, 53, ipv6Client, ipv6Client ? 0x0104 : 0x0303);
        Packet toServer = world.receive(WAN, error(reply, ipv6Client ? "2001:db8:96::9" : "10.0.96.9", 11, 3, 0, 0))
                .getFirst();
        check(
                toServer,
                way.lip,
                way.server,
                way.lip,
                80,
                query.localPort(),
                ipv6Servers,
                ipv6Servers ? 0x0300 : 0x0b00);
        assertThat(world.dropped()).isEmpty();
    }

    private static void check(
            Packet error, String source, String to, String quotedTo, int sourcePort, int port, boolean ipv6, int kind) {
        assertThat(Ip.source(error.ip())).isEqualTo(Address.parse(source));
        assertThat(Ip.destination(error.ip())).isEqualTo(Address.parse(to));
        assertThat(Memory.getShortNet(error.transport())).isEqualTo(kind);
        IcmpError read = new IcmpError();
        read.take(error.frame(), (int) (error.transport() - error.frame()));
        assertThat(read.isIpv6()).isEqualTo(ipv6);
        assertThat(read.isChecksumRight()).isTrue();
        assertThat(read.read()).isTrue();
        assertThat(Ip.source(read.quotedIp())).isEqualTo(Address.parse(to));
        assertThat(Ip.destination(read.quotedIp())).isEqualTo(Address.parse(quotedTo));
        assertThat(Tcp.sourcePort(read.transport())).isEqualTo(sourcePort);
        assertThat(Tcp.destinationPort(read.transport())).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({"SIX, 1400, 1400", "NAT64, 1400, 1420", "NAT46, 1400, 1380", "FOUR, 1400, 1400", "NAT64, 576, 1280"})
    void theSizeOfAFartherLinkIsToldInTheSendersFamily(Way way, int mtu, int told) {
        World world = way.world();
        Packet query = world.receive(WAN, way.datagram().payload(1200)).getFirst();
        boolean ipv6 = Ip.isIpv6(query.ip());
        Packet sent = world.receive(
                        LAN, error(query, ipv6 ? "2001:db8:229::9" : "192.168.229.9", 3, 2, ipv6 ? 0 : 4, mtu))
                .getFirst();
        assertThat(Memory.getShortNet(sent.transport())).isEqualTo(Ip.isIpv6(sent.ip()) ? 0x0200 : 0x0304);
        assertThat(Memory.getIntNet(sent.transport() + 4)).isEqualTo(told);
    }
}

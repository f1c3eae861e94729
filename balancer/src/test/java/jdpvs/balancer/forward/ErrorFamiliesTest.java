package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import jdpvs.wire.Address;
import jdpvs.wire.IcmpError;
import jdpvs.wire.Ip;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** ICMP errors where the client's side, the servers' or both are IPv6. */
class ErrorFamiliesTest {
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

package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import jdpvs.port.DropReason;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7915 §4.1: options of IPv4 stay behind; a source route with a way to go is refused, and its sender told. */
class SourceRouteTest {
    private static final byte[] UNEXPIRED = {(byte) 131, 7, 4, 10, 0, 0, 1, 0};
    private static final byte[] EXPIRED = {(byte) 131, 7, 8, 10, 0, 0, 1, 0};

    /** What a client may send by itself. */
    private static PacketBuilder first(boolean udp) {
        return udp ? Way.NAT46.datagram().payload(8) : Way.NAT46.fromClient(Tcp.SYN);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAClientsFirstPacket(boolean udp) {
        World world = Way.NAT46.world();
        assertThat(world.receive(WAN, first(udp).ipOptions(UNEXPIRED))).isEmpty();
        assertThat(world.errors).containsExactly("3/5 0");
        assertThat(world.dropped()).containsOnlyKeys(DropReason.SOURCE_ROUTE);

        assertThat(world.receive(WAN, first(udp).ipOptions(EXPIRED)))
                .singleElement()
                .satisfies(sent -> assertThat(sent.isSound()).isTrue());
        assertThat(world.errors).hasSize(1);
    }

    /** Only where IPv4 becomes IPv6. */
    @ParameterizedTest
    @CsvSource({"NAT46, false, true", "NAT64, true, true", "FOUR, false, false", "FOUR, true, false"})
    void ofAnEstablishedConnection(Way way, boolean outbound, boolean refused) {
        World world = way.world();
        Way.Established established = way.establish(world);
        world.sent.clear();
        PacketBuilder packet = outbound
                ? way.fromServer(established.localPort(), Tcp.ACK)
                        .sequence(502)
                        .acknowledgement(101 + established.shift())
                : way.fromClient(Tcp.ACK).sequence(101).acknowledgement(502);
        packet.payload(10);
        assertThat(world.receive(outbound ? LAN : WAN, packet.ipOptions(EXPIRED)))
                .singleElement()
                .satisfies(sent -> assertThat(sent.isSound()).isTrue());
        assertThat(world.receive(outbound ? LAN : WAN, packet.ipOptions(UNEXPIRED)))
                .hasSize(refused ? 0 : 1);
        assertThat(world.errors).hasSize(refused ? 1 : 0);
        assertThat(world.drops.get(DropReason.SOURCE_ROUTE)).isEqualTo(refused ? 1 : 0);
    }

    /** An error about an error is never sent (RFC 1122 §3.2.2). */
    @Test
    void ofAnIcmpError() {
        World world = Way.NAT46.world();
        Way.NAT46.establish(world);
        world.sent.clear();
        byte[] answer = PacketBuilder.tcp(Way.NAT46.vip, 80, Way.NAT46.client, 40_000)
                .sequence(501)
                .toBytes();
        byte[] quote = Arrays.copyOfRange(answer, 14, answer.length);
        PacketBuilder error = PacketBuilder.echo(Way.NAT46.client, Way.NAT46.vip, 0, 0)
                .icmp(3, 1)
                .payload(quote);
        assertThat(world.receive(WAN, error.ipOptions(EXPIRED))).hasSize(1);
        assertThat(world.receive(WAN, error.ipOptions(UNEXPIRED))).isEmpty();
        assertThat(world.errors).isEmpty();
        assertThat(world.dropped()).containsOnlyKeys(DropReason.SOURCE_ROUTE);
    }
}

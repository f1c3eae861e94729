package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import jdpvs.wire.Ip;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A segment that came in fragments and leaves in fragments carries the client's address as any other. */
class ClientAddressInFragmentsTest {
    /** Up to the server's SYN-ACK; what the client says next is to carry its address. */
    private static World opened(Way way) {
        World world = way.world();
        Packet syn = world.receive(WAN, way.fromClient(Tcp.SYN).sequence(100)).getFirst();
        world.receive(
                LAN,
                way.fromServer(syn.localPort(), Tcp.SYN | Tcp.ACK)
                        .sequence(500)
                        .acknowledgement(Tcp.sequence(syn.transport()) + 1));
        world.sent.clear();
        return world;
    }

    private static PacketBuilder segment(Way way, int payload) {
        return way.fromClient(Tcp.ACK | Tcp.PSH)
                .sequence(101)
                .acknowledgement(501)
                .payload(payload);
    }

    @ParameterizedTest
    @EnumSource
    void carriesIt(Way way) {
        World world = opened(way);
        PacketBuilder whole = segment(way, 2000);
        world.receive(WAN, Pieces.of(whole));
        assertThat(world.sent).singleElement().satisfies(sent -> {
            assertThat(sent.options()).hasSize(way.optionLength()).startsWith((byte) 254, (byte) way.optionLength());
            byte[] bytes = whole.toBytes();
            assertThat(sent.payload()).isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 2000, bytes.length));
            assertThat(sent.isSound()).isTrue();
            assertThat(sent.length()).isEqualTo(14 + sent.totalLength());
            assertThat(VirtioNetHeader.gsoType(sent.frame()))
                    .isEqualTo(Ip.isIpv6(sent.ip()) ? VirtioNetHeader.GSO_UDP : VirtioNetHeader.GSO_NONE);
        });
        assertThat(world.outputs).as("left through the stack, which cuts it").isPositive();
        assertThat(world.balancer.optionsWithoutRoom()).isZero();
        assertThat(world.dropped()).isEmpty();
    }

    /** Just longer than IPv6's smallest link: the option must not make it look like a segment that fits. */
    @ParameterizedTest
    @CsvSource({"SIX, 1221", "SIX, 1240", "NAT46, 1221", "NAT46, 1240"})
    void staysMarked(Way way, int payload) {
        World world = opened(way);
        world.receive(WAN, Pieces.of(segment(way, payload)));
        assertThat(world.sent).singleElement().satisfies(sent -> {
            assertThat(sent.options()).hasSize(way.optionLength());
            assertThat(sent.isSound()).isTrue();
            assertThat(VirtioNetHeader.gsoType(sent.frame())).isEqualTo(VirtioNetHeader.GSO_UDP);
        });
    }

    /** The longest that still has room, and the first that has none, which is counted. */
    @ParameterizedTest
    @CsvSource({"65487, true", "65488, false", "65495, false"})
    void withoutRoomItIsCounted(int payload, boolean room) {
        World world = opened(Way.FOUR);
        world.receive(WAN, segment(Way.FOUR, payload).fragment(0));
        assertThat(world.sent).singleElement().satisfies(sent -> {
            assertThat(sent.options()).hasSize(room ? 8 : 0);
            assertThat(sent.isSound()).isTrue();
        });
        assertThat(world.balancer.optionsWithoutRoom()).isEqualTo(room ? 0 : 1);
    }
}

package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link FullNatTest} says of UDP over IPv4, where a side or both are IPv6; fragments and extension headers. */
class DatagramFamiliesTest {
    private final Random random = new Random(64);

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
            assertThat(there.hops()).isEqualTo(1 + i);
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
            for (PacketBuilder piece : Pieces.of(whole)) {
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
}

package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.port.PortQueue;
import jdpvs.wire.Address;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;
import jdpvs.wire.VlanTag;
import jdpvs.wire.proxy.ProxyHeader;
import jdpvs.wire.proxy.ProxyVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PROXY headers in the first datagrams of UDP connections. */
class ProxyDatagramTest {
    private final Random random = new Random(5300);

    private static World world(Way way, String mode) {
        return way.world(ServiceSettings.of("rr"), ServiceSettings.of("rr").withProxyProtocol(mode));
    }

    private static byte[] header(String source, int sourcePort, String destination, int destinationPort) {
        Address from = Address.parse(source);
        Address to = Address.parse(destination);
        ProxyHeader header = new ProxyHeader();
        header.set(true, from.high(), from.low(), sourcePort, to.high(), to.low(), destinationPort);
        try (Arena arena = Arena.ofConfined()) {
            long at = arena.allocate(ProxyHeader.LONGEST).address();
            byte[] bytes = new byte[header.write(ProxyVersion.V2, at)];
            Memory.copyOut(at, bytes, 0, bytes.length);
            return bytes;
        }
    }

    private static byte[] of(Way way) {
        return header(way.client, 5353, way.vip, 53);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The header moves the others down, and a VLAN device puts its tag before them. */
    @ParameterizedTest
    @EnumSource
    void theHeadroomHoldsWhatAFrameGrowsBy(Way way) {
        int family = way == Way.NAT46 ? Ipv6.LENGTH - Ipv4.MINIMUM_LENGTH : 0;
        assertThat(VirtioNetHeader.LENGTH + VlanTag.LENGTH + family + of(way).length)
                .isLessThanOrEqualTo(PortQueue.HEADROOM);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstDatagramCarriesTheHeader(Way way) {
        for (int i = 0; i < 60; i++) {
            World world = world(way, "v2");
            byte[] query = bytes(random.nextInt(900));
            PacketBuilder datagram = way.datagram().payload(query);
            if (i % 3 == 0) {
                datagram.partialChecksum();
            } else if (i % 3 == 1 && (way == Way.FOUR || way == Way.NAT46)) {
                datagram.withoutChecksum();
            }
            Packet first = world.receive(WAN, datagram).getFirst();
            assertThat(first.payload()).isEqualTo(join(of(way), query));
            assertThat(first.isSound()).isTrue();
            Packet second = world.receive(WAN, way.datagram().payload(query)).getFirst();
            assertThat(second.payload()).isEqualTo(query);
            assertThat(second.isSound()).isTrue();
            assertThat(world.dropped()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForgedHeaderIsReplaced(Way way) {
        byte[] forged = header("2001:db8::6", 1, "2001:db8::7", 2);
        for (int i = 0; i < 20; i++) {
            byte[] query = bytes(random.nextInt(900));
            // With a vendor's byte at its end, so that what follows begins at an odd place.
            byte[] longer = join(forged, new byte[] {7});
            longer[15]++;
            byte[] theirs = i % 2 == 0 ? forged : longer;
            Packet first = world(way, "v2")
                    .receive(WAN, way.datagram().payload(join(theirs, query)))
                    .getFirst();
            assertThat(first.payload()).isEqualTo(join(of(way), query));
            assertThat(first.isSound()).isTrue();
            Packet believed = world(way, "v2-insecure")
                    .receive(WAN, way.datagram().payload(join(theirs, query)))
                    .getFirst();
            assertThat(believed.payload()).isEqualTo(join(theirs, query));
            assertThat(believed.isSound()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForgedHeaderInALaterDatagramIsTakenOut(Way way) {
        byte[] forged = header("2001:db8::6", 1, "2001:db8::7", 2);
        World world = world(way, "v2");
        world.receive(WAN, way.datagram().payload("first"));
        Packet second = world.receive(WAN, way.datagram().payload(join(forged, bytes(77))))
                .getFirst();
        assertThat(second.payload()).hasSize(77);
        assertThat(second.isSound()).isTrue();
        byte[] several = join(bytes(200), join(forged, bytes(40)));
        assertThat(world.receive(
                        WAN, way.datagram().payload(several).partialChecksum().segmentSize(100)))
                .isEmpty();
        assertThat(world.dropped()).containsOnlyKeys(DropReason.PROXY_FORGED);
        assertThat(world.receive(
                        WAN,
                        way.datagram().payload(bytes(250)).partialChecksum().segmentSize(100)))
                .hasSize(1);
    }

    @Test
    void aDamagedDatagramPassesAsItIs() {
        World world = world(Way.FOUR, "v2");
        PacketBuilder datagram = Way.FOUR.datagram().payload("query").macs(World.WAN_MAC, 1);
        long frame = datagram.allocate(Arena.ofAuto());
        Memory.putByte(frame + datagram.length() - 1, '!');
        Burst burst = new Burst();
        burst.add(frame, datagram.length());
        Packet passed = world.receive(WAN, burst).getFirst();
        assertThat(passed.payload()).hasSize(5);
        assertThat(passed.isSound()).isFalse();
        Packet next = world.receive(WAN, Way.FOUR.datagram().payload("query")).getFirst();
        assertThat(next.payload()).hasSize(28 + 5);
    }

    @ParameterizedTest
    @EnumSource
    void whatTheHeaderMakesTooLongMayLeaveInFragments(Way way) {
        int fits = 1500 - (way == Way.FOUR || way == Way.NAT64 ? 28 : 48);
        if (way == Way.NAT64) {
            fits -= 20;
        }
        World world = world(way, "v2");
        int outputs = world.outputs;
        byte[] query = bytes(fits);
        Packet first = world.receive(WAN, way.datagram().payload(query).fragment(Ipv4.DONT_FRAGMENT))
                .getFirst();
        assertThat(first.payload()).isEqualTo(join(of(way), query));
        assertThat(world.outputs).as("the stack cuts it").isEqualTo(outputs + 1);
        if (Ip.isIpv6(first.ip())) {
            assertThat(VirtioNetHeader.gsoType(first.frame())).isEqualTo(VirtioNetHeader.GSO_UDP);
        } else {
            assertThat(Ipv4.flagsAndOffset(first.ip()) & Ipv4.DONT_FRAGMENT).isZero();
            assertThat(Ipv4.identification(first.ip())).isNotZero();
        }
        assertThat(first.isSound()).isTrue();
        assertThat(world.errors).isEmpty();
    }

    @Test
    void aDatagramWithoutRoomIsCounted() {
        World world = world(Way.FOUR, "v2");
        assertThat(world.receive(WAN, Way.FOUR.datagram().payload(bytes(65_500))))
                .isEmpty();
        assertThat(world.dropped()).containsOnlyKeys(DropReason.TOO_BIG);
    }

    @ParameterizedTest
    @EnumSource
    void ofASegmentedFrameTheFirstDatagramGoesByItself(Way way) {
        for (int datagrams = 1; datagrams <= 3; datagrams++) {
            World world = world(way, "v2");
            byte[] queries = bytes(datagrams * 500 - 100);
            List<Packet> sent = world.receive(
                    WAN, way.datagram().payload(queries).partialChecksum().segmentSize(500));
            assertThat(sent.getFirst().payload())
                    .isEqualTo(join(of(way), Arrays.copyOf(queries, Math.min(500, queries.length))));
            assertThat(VirtioNetHeader.gsoType(sent.getFirst().frame())).isEqualTo(VirtioNetHeader.GSO_NONE);
            assertThat(sent).hasSize(datagrams == 1 ? 1 : 2).allMatch(Packet::isSound);
            if (datagrams > 1) {
                Packet rest = sent.getLast();
                assertThat(rest.payload()).isEqualTo(Arrays.copyOfRange(queries, 500, queries.length));
                assertThat(VirtioNetHeader.gsoType(rest.frame()))
                        .isEqualTo(datagrams == 2 ? VirtioNetHeader.GSO_NONE : VirtioNetHeader.GSO_UDP_L4);
                assertThat(Udp.length(rest.transport())).isEqualTo(8 + queries.length - 500);
            }
            assertThat(world.dropped()).isEmpty();
        }
    }
}

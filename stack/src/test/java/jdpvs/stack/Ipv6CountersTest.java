package jdpvs.stack;

import static jdpvs.stack.StackFixture.CLIENT6;
import static jdpvs.stack.StackFixture.CLIENT_MAC;
import static jdpvs.stack.StackFixture.LIP6;
import static jdpvs.stack.StackFixture.SERVER6;
import static jdpvs.stack.StackFixture.SERVER_MAC;
import static jdpvs.stack.StackFixture.VIP6;
import static jdpvs.stack.StackFixture.WAN_MAC;
import static jdpvs.stack.StackFixture.discovery;
import static jdpvs.stack.StackFixture.fromClient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import jdpvs.port.Burst;
import jdpvs.wire.Address;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv6;
import jdpvs.wire.NeighbourDiscovery;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each IPv6 packet counts as (RFC 4293), one row each; its bytes are those from the IPv6 header on. */
class Ipv6CountersTest {
    private static final long OTHER_MAC = 0x0200_0000_9999L;
    private static final Address GROUP = NeighbourDiscovery.solicitedNode(VIP6.low());
    private static final byte[] QUESTION = discovery(
            Icmp6.NEIGHBOUR_SOLICITATION,
            CLIENT6,
            GROUP,
            0,
            VIP6,
            CLIENT_MAC,
            CLIENT_MAC,
            NeighbourDiscovery.groupMac(GROUP.low()));

    private static Arguments row(String description, PacketBuilder in, String counted) {
        return arguments(description, in.toBytes(), counted);
    }

    private static PacketBuilder echo(Address to) {
        return fromClient(PacketBuilder.echo(CLIENT6, to, 1, 1));
    }

    private static PacketBuilder datagram(Address to) {
        return fromClient(PacketBuilder.udp(CLIENT6, 1, to, 2));
    }

    private static byte[] cut(PacketBuilder packet, int length) {
        return Arrays.copyOf(packet.toBytes(), length);
    }

    static List<Arguments> taken() {
        return List.of(
                row("an echo is answered", echo(VIP6).payload(8), "InDelivers 1, OutRequests 1, OutOctets 56"),
                row("an answer nobody asked for", echo(VIP6).icmp(Icmp6.ECHO_REPLY, 0), "InDelivers 1"),
                row("an answer that is too long", echo(VIP6).payload(1453), "InDelivers 1, OutRequests 1, FragFails 1"),
                row("a closed port", datagram(VIP6), "InDelivers 1, OutRequests 1, OutOctets 96"),
                row(
                        "no such protocol",
                        fromClient(PacketBuilder.ip(132, CLIENT6, VIP6).payload(20)),
                        "InUnknownProtos 1"),
                row(
                        "a fragment",
                        echo(VIP6).extensions(Ipv6.FRAGMENT, new byte[] {58, 0, 0, 1, 0, 0, 0, 1}),
                        "InDiscards 1"),
                row("another host's address", datagram(SERVER6), "InAddrErrors 1"),
                row("an address that links only know", datagram(Address.parse("fe80::77")), "InAddrErrors 1"),
                row("a group", echo(NeighbourDiscovery.ALL_NODES), "InAddrErrors 1, InMcastPkts 1, InMcastOctets 48"),
                row(
                        "one host's packet to all",
                        datagram(VIP6).macs(NeighbourDiscovery.groupMac(1), CLIENT_MAC),
                        "InAddrErrors 1"),
                row("from our own address", fromClient(PacketBuilder.udp(LIP6, 1, VIP6, 2)), "InHdrErrors 1"),
                row(
                        "from our own address, passing",
                        fromClient(PacketBuilder.udp(LIP6, 1, SERVER6, 2)),
                        "InHdrErrors 1"),
                row(
                        "a routing header",
                        datagram(VIP6).extensions(Ipv6.ROUTING, new byte[] {17, 0, 0, 1, 0, 0, 0, 0}),
                        "InHdrErrors 1"),
                arguments("shorter than its header", cut(datagram(VIP6), 30), "InTruncatedPkts 1"),
                arguments("shorter than it says", cut(datagram(VIP6).payload(20), 70), "InTruncatedPkts 1"),
                row("another station's", datagram(VIP6).macs(OTHER_MAC, CLIENT_MAC), ""),
                arguments("another station's, short", cut(datagram(VIP6).macs(OTHER_MAC, CLIENT_MAC), 30), ""),
                arguments(
                        "a neighbour asks",
                        QUESTION,
                        "InDelivers 1, OutRequests 1, OutOctets 72, InMcastPkts 1, InMcastOctets 72"),
                arguments(
                        "IPv4",
                        fromClient(PacketBuilder.echo("10.0.0.1", "10.0.0.100", 1, 1))
                                .toBytes(),
                        ""),
                arguments(
                        "IPv4, malformed", cut(fromClient(PacketBuilder.echo("10.0.0.1", "10.0.0.100", 1, 1)), 30), ""),
                arguments("ARP", StackFixture.arpRequest(CLIENT_MAC, StackFixture.CLIENT, StackFixture.VIP), ""));
    }

    private final StackFixture f = new StackFixture(false);

    Ipv6CountersTest() {
        f.know(f.wan, CLIENT6, CLIENT_MAC);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void taken(String description, byte[] in, String counted) {
        Ipv6Counts counts = new Ipv6Counts(f.context.ipv6);
        f.input(f.wan, in);
        assertThat(counts).hasToString(counted);
    }

    @Test
    void aSharedDevicesOtherPackets() {
        StackFixture shared = new StackFixture(true);
        Ipv6Counts counts = new Ipv6Counts(shared.context.ipv6);
        shared.input(shared.wan, echo(NeighbourDiscovery.ALL_NODES));
        shared.input(shared.wan, datagram(SERVER6));
        assertThat(counts).hasToString("InAddrErrors 2, InMcastPkts 1, InMcastOctets 48");
    }

    @Test
    void whileIpv6IsOff() {
        f.context.network = f.context.network.withSettings(StackSettings.DEFAULTS.withIpv6(false, false));
        Ipv6Counts counts = new Ipv6Counts(f.context.ipv6);
        f.input(f.wan, echo(VIP6));
        assertThat(counts).hasToString("InDiscards 1");
    }

    static List<Arguments> forwarded() {
        return List.of(
                arguments("passed on", datagram(SERVER6).payload(10), "OutForwDatagrams 1, OutOctets 58"),
                arguments("its last hop", datagram(SERVER6).ttl(1), "OutRequests 1, OutOctets 96, InHdrErrors 1"),
                arguments(
                        "larger than the next link carries",
                        datagram(SERVER6).payload(1353),
                        "OutRequests 1, OutOctets 1280, InTooBigErrors 1, FragFails 1"),
                arguments(
                        "no way",
                        datagram(Address.parse("2001:db8:f::1")),
                        "OutRequests 1, OutOctets 96, InNoRoutes 1"),
                arguments(
                        "segmented",
                        fromClient(PacketBuilder.tcp(CLIENT6, 1, SERVER6, 2))
                                .payload(3000)
                                .partialChecksum()
                                .segmentSize(1000),
                        "OutForwDatagrams 3, OutOctets 3180"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void forwarded(String description, PacketBuilder in, String counted) throws NetworkException {
        f.know(f.lan, SERVER6, SERVER_MAC);
        f.context.network = f.context
                .network
                .withSettings(StackSettings.DEFAULTS.withIpv6(true, true))
                .edit()
                .deleteRoute(RouteRequest.via(Address.NONE, 0, Address.parse("fe80::254"), f.wan))
                .build();
        Ipv6Counts counts = new Ipv6Counts(f.context.ipv6);
        f.input(f.wan, in);
        assertThat(counts).hasToString(counted);
    }

    @Test
    void whatWaitsForANeighbour() {
        Ipv6Counts counts = new Ipv6Counts(f.context.ipv6);
        Route route = Objects.requireNonNull(f.context.network.route(SERVER6));
        PacketBuilder packet = PacketBuilder.udp(CLIENT6, 1, SERVER6, 2);
        f.output(route, packet);
        assertThat(counts)
                .as("the packet and the question for its next hop")
                .hasToString("OutRequests 2, OutOctets 72, OutMcastPkts 1, OutMcastOctets 72");
        f.know(f.lan, SERVER6, SERVER_MAC);
        assertThat(counts)
                .as("it leaves")
                .hasToString("OutRequests 2, OutOctets 120, OutMcastPkts 1, OutMcastOctets 72");
    }

    @Test
    void whatWaitsInVain() {
        Route route = Objects.requireNonNull(f.context.network.route(SERVER6));
        f.output(route, PacketBuilder.udp(CLIENT6, 1, SERVER6, 2));
        Ipv6Counts counts = new Ipv6Counts(f.context.ipv6);
        for (int i = 0; i < 3; i++) {
            f.advance(1000);
        }
        assertThat(counts)
                .as("two more questions, an error about the packet")
                .hasToString("OutRequests 3, OutOctets 240, OutDiscards 1, OutMcastPkts 2, OutMcastOctets 144");
    }

    @Test
    void whatFindsNoRoomToWait() {
        Route route = Objects.requireNonNull(f.context.network.route(SERVER6));
        int room = f.context.network.settings().unresolvedQueueLength();
        for (int i = 0; i < room; i++) {
            f.output(route, PacketBuilder.udp(CLIENT6, 1, SERVER6, 2));
        }
        Ipv6Counts counts = new Ipv6Counts(f.context.ipv6);
        f.output(route, PacketBuilder.udp(CLIENT6, 1, SERVER6, 2));
        assertThat(counts).hasToString("OutRequests 1, OutDiscards 1");
    }

    @Test
    void aNewAddressIsAskedForAndTold() throws NetworkException {
        Address address = Address.parse("2001:db8:a::9");
        f.context.network = f.context.network.withAddress(
                InterfaceAddress.of(address, 64, f.wan, false).tentative());
        Ipv6Counts asked = new Ipv6Counts(f.context.ipv6);
        f.advance(0);
        assertThat(asked).hasToString("OutRequests 1, OutOctets 64, OutMcastPkts 1, OutMcastOctets 64");
        f.context.network = f.context
                .network
                .edit()
                .detected(address, AddressState.ASSIGNED)
                .build();
        Ipv6Counts told = new Ipv6Counts(f.context.ipv6);
        f.advance(0);
        assertThat(told).hasToString("OutRequests 1, OutOctets 72, OutMcastPkts 1, OutMcastOctets 72");
    }

    /** Bursts as the classifier sees them. */
    static List<Arguments> received() {
        PacketBuilder four = fromClient(PacketBuilder.udp("10.0.0.1", 1, "10.0.0.100", 2));
        return List.of(
                arguments("IPv4 alone", List.of(four, four), ""),
                arguments(
                        "every kind of ECN",
                        List.of(
                                datagram(VIP6).tos(0xb8),
                                datagram(VIP6).tos(1),
                                datagram(VIP6).tos(2).payload(100),
                                datagram(VIP6).tos(3),
                                four,
                                datagram(VIP6).tos(3)),
                        "InReceives 5, InOctets 340, InNoECTPkts 1, InECT1Pkts 1, InECT0Pkts 1, InCEPkts 2"),
                arguments(
                        "no flows",
                        List.of(
                                echo(VIP6),
                                echo(NeighbourDiscovery.ALL_NODES).macs(NeighbourDiscovery.groupMac(1), CLIENT_MAC)),
                        "InReceives 2, InOctets 96, InNoECTPkts 2"),
                arguments(
                        "malformed",
                        List.of(datagram(VIP6).extensions(Ipv6.ROUTING, new byte[] {17, 0, 0, 1, 0, 0, 0, 0})),
                        "InReceives 1, InOctets 56"),
                arguments(
                        "another station's",
                        List.of(
                                datagram(VIP6).macs(OTHER_MAC, CLIENT_MAC),
                                echo(VIP6).macs(OTHER_MAC, CLIENT_MAC)),
                        ""),
                arguments(
                        "three segments in one frame",
                        List.of(fromClient(PacketBuilder.tcp(CLIENT6, 1, VIP6, 2))
                                .tos(2)
                                .payload(2500)
                                .partialChecksum()
                                .segmentSize(1000)),
                        "InReceives 3, InOctets 2680, InECT0Pkts 3"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void received(String description, List<PacketBuilder> packets, String counted) {
        Burst burst = new Burst();
        int[] classifications = new int[Burst.CAPACITY];
        try (Arena arena = Arena.ofConfined()) {
            for (PacketBuilder packet : packets) {
                long frame = arena.allocate(8192, 64).address() + 64;
                int length = packet.writeWithHeader(frame);
                classifications[burst.count] = Classifier.classify(frame, length);
                burst.add(frame, length);
            }
            Ipv6Counters counters = new Ipv6Counters();
            flows(counters, burst, classifications);
            counters.received(burst, classifications, Long.reverseBytes(WAN_MAC) >>> 16);
            assertThat(Ipv6Counts.of(counters)).isEqualTo(counted);
        }
    }

    /** As the balancer tells of them, which classifies them anyway. */
    private static void flows(Ipv6Counters counters, Burst burst, int[] classifications) {
        long octets = 0;
        long congestion = 0;
        for (int i = 0; i < burst.count; i++) {
            long frame = burst.address[i];
            int kind = FrameKind.kind(classifications[i]);
            if (FrameKind.isFlow(kind)
                    && FrameKind.isFlowOfIpv6(kind)
                    && Ethernet.destination(frame) == WAN_MAC
                    && VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE) {
                octets += Ipv6.totalLength(frame + Ethernet.LENGTH);
                congestion += Ipv6Counters.congestion(frame + Ethernet.LENGTH);
            }
        }
        counters.receivedFlows(octets, congestion);
    }
}

package jdpvs.stack;

import static jdpvs.stack.StackFixture.CLIENT6;
import static jdpvs.stack.StackFixture.CLIENT_MAC;
import static jdpvs.stack.StackFixture.LAN_MAC;
import static jdpvs.stack.StackFixture.LINK_LOCAL;
import static jdpvs.stack.StackFixture.LIP6;
import static jdpvs.stack.StackFixture.SERVER6;
import static jdpvs.stack.StackFixture.SERVER_MAC;
import static jdpvs.stack.StackFixture.VIP6;
import static jdpvs.stack.StackFixture.WAN_MAC;
import static jdpvs.stack.StackFixture.discovery;
import static jdpvs.stack.StackFixture.fromClient;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import jdpvs.wire.Address;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.NeighbourDiscovery;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the stack does with each kind of IPv6 packet, and how it finds IPv6 neighbours. */
class WorkerStackIpv6Test {
    private static final long OTHER_MAC = 0x0200_0000_9999L;
    private static final Address NEW = Address.parse("2001:db8:a::9");
    private static final Address CLIENT_LINK = Address.parse("fe80::1");
    private static final Address GROUP = NeighbourDiscovery.solicitedNode(VIP6.low());
    private static final long GROUP_MAC = NeighbourDiscovery.groupMac(GROUP.low());
    private static final String ASK_SERVER =
            "lan 33:33:ff:00:00:01<LAN 2001:db8:b::100>ff02::1:ff00:1 ttl 255 ask 2001:db8:b::1 at LAN";

    private final StackFixture f = new StackFixture(false);

    WorkerStackIpv6Test() {
        f.know(f.wan, CLIENT6, CLIENT_MAC);
        f.know(f.wan, CLIENT_LINK, CLIENT_MAC);
    }

    private static PacketBuilder echo(Address to) {
        return fromClient(PacketBuilder.echo(CLIENT6, to, 1, 1));
    }

    private static byte[] ask(Address from, Address target, long link) {
        return discovery(Icmp6.NEIGHBOUR_SOLICITATION, from, GROUP, 0, target, link, OTHER_MAC, GROUP_MAC);
    }

    private static byte[] tell(Address target, long link, int flags) {
        return discovery(
                Icmp6.NEIGHBOUR_ADVERTISEMENT,
                target,
                NeighbourDiscovery.ALL_NODES,
                flags,
                target,
                link,
                OTHER_MAC,
                NeighbourDiscovery.groupMac(1));
    }

    private static byte[] changed(byte[] frame, int at, int value) {
        byte[] other = frame.clone();
        other[at] = (byte) value;
        return other;
    }

    private static Arguments row(String description, PacketBuilder in, String... out) {
        return row(description, in.toBytes(), out);
    }

    private static Arguments row(String description, byte[] in, String... out) {
        return Arguments.of(description, in, List.of(out));
    }

    static List<Arguments> packets() {
        byte[] question = ask(NEW, VIP6, OTHER_MAC);
        byte[] echo = echo(VIP6).toBytes();
        return List.of(
                row(
                        "echo request is answered",
                        echo(VIP6).payload(56),
                        "wan client<WAN 2001:db8:a::100>2001:db8:a::1 ttl 64 icmp 129/0 length 64"),
                row(
                        "echo for the LIP over the other device too",
                        echo(LIP6),
                        "wan client<WAN 2001:db8:b::100>2001:db8:a::1 ttl 64 icmp 129/0 length 8"),
                row(
                        "echo to and from link-local addresses stays on the link",
                        fromClient(PacketBuilder.echo(CLIENT_LINK, LINK_LOCAL, 1, 1)),
                        "wan client<WAN fe80::a:0>fe80::1 ttl 64 icmp 129/0 length 8"),
                row("echo with a wrong checksum", changed(echo, echo.length - 1, 77), "BAD_ICMP_HEADER"),
                row("echo reply nobody asked for", echo(VIP6).icmp(Icmp6.ECHO_REPLY, 0), "LOCAL_PORT_CLOSED"),
                row("echo bigger than the way back", echo(VIP6).payload(1453), "TOO_BIG"),
                row(
                        "echo from our own address",
                        PacketBuilder.echo(LIP6, VIP6, 1, 1).macs(WAN_MAC, CLIENT_MAC),
                        "BAD_IP_HEADER"),
                row("echo to all nodes", echo(NeighbourDiscovery.ALL_NODES), "UNKNOWN_PROTOCOL"),
                row(
                        "TCP without a service",
                        fromClient(PacketBuilder.tcp(CLIENT6, 1, VIP6, 81).flags(Tcp.SYN)),
                        "LOCAL_PORT_CLOSED"),
                row(
                        "UDP without a service",
                        fromClient(PacketBuilder.udp(CLIENT6, 1, VIP6, 81)),
                        "wan client<WAN 2001:db8:a::100>2001:db8:a::1 ttl 64 icmp 1/4 length 56",
                        "LOCAL_PORT_CLOSED"),
                row(
                        "UDP behind extension headers",
                        fromClient(PacketBuilder.udp(CLIENT6, 1, VIP6, 81))
                                .extensions(Ipv6.HOP_BY_HOP, new byte[] {Ipv4.UDP, 0, 1, 4, 0, 0, 0, 0}),
                        "wan client<WAN 2001:db8:a::100>2001:db8:a::1 ttl 64 icmp 1/4 length 64",
                        "LOCAL_PORT_CLOSED"),
                row(
                        "a long packet is quoted as far as 1,280 bytes go",
                        fromClient(PacketBuilder.udp(CLIENT6, 1, VIP6, 81).payload(1400)),
                        "wan client<WAN 2001:db8:a::100>2001:db8:a::1 ttl 64 icmp 1/4 length 1240",
                        "LOCAL_PORT_CLOSED"),
                row(
                        "a routing header that is not at its end",
                        fromClient(PacketBuilder.udp(CLIENT6, 1, VIP6, 81)).extensions(Ipv6.ROUTING, new byte[] {
                            Ipv4.UDP, 2, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
                        }),
                        "BAD_EXTENSION_HEADER"),
                row("somebody else's packet", echo(Address.parse("2001:db8:f::1")), "NOT_LOCAL"),
                row("another host's MAC address", echo(VIP6).macs(OTHER_MAC, CLIENT_MAC), "OTHER_HOST"),
                row(
                        "a neighbour asks for the VIP",
                        question,
                        "wan 02:00:00:00:99:99<WAN 2001:db8:a::100>2001:db8:a::9 ttl 255 tell 2001:db8:a::100 flags SO at WAN"),
                row(
                        "a neighbour confirms the VIP without naming its own MAC address",
                        ask(NEW, VIP6, -1),
                        "wan 02:00:00:00:99:99<WAN 2001:db8:a::100>2001:db8:a::9 ttl 255 tell 2001:db8:a::100 flags SO at WAN"),
                row(
                        "somebody is about to take the VIP",
                        ask(Address.NONE, VIP6, -1),
                        "wan 33:33:00:00:00:01<WAN 2001:db8:a::100>ff02::1 ttl 255 tell 2001:db8:a::100 flags O at WAN"),
                row(
                        "who has no address names no MAC address",
                        ask(Address.NONE, VIP6, OTHER_MAC),
                        "BAD_NEIGHBOUR_DISCOVERY"),
                row("the other device's address is not told here", ask(NEW, LIP6, OTHER_MAC), "NOT_LOCAL"),
                row("a question for another host", ask(NEW, CLIENT6, OTHER_MAC), "NOT_LOCAL"),
                row("a question from off the link", changed(question, 21, 254), "BAD_NEIGHBOUR_DISCOVERY"),
                row("a question with a wrong checksum", changed(question, 56, 0x5a), "BAD_NEIGHBOUR_DISCOVERY"),
                row("a group's MAC address", ask(NEW, VIP6, GROUP_MAC), "BAD_NEIGHBOUR_DISCOVERY"),
                row("a question with our own address", ask(LIP6, VIP6, OTHER_MAC), "BAD_NEIGHBOUR_DISCOVERY"),
                row(
                        "an answer that claims our address",
                        tell(VIP6, OTHER_MAC, NeighbourDiscovery.OVERRIDE),
                        "BAD_NEIGHBOUR_DISCOVERY"),
                row("an answer nobody asked for", tell(NEW, OTHER_MAC, NeighbourDiscovery.SOLICITED), "NOT_LOCAL"),
                row(
                        "a router advertises",
                        fromClient(PacketBuilder.echo(CLIENT6, NeighbourDiscovery.ALL_NODES, 1, 1)
                                .icmp(Icmp6.ROUTER_ADVERTISEMENT, 0)),
                        "NOT_LOCAL"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packets")
    void packet(String description, byte[] in, List<String> out) {
        assertThat(f.input(f.wan, in)).isEqualTo(out);
    }

    @Test
    void aSharedDevicesOtherPacketsAreTheKernels() {
        StackFixture shared = new StackFixture(true);
        assertThat(shared.input(shared.wan, echo(NeighbourDiscovery.ALL_NODES).toBytes()))
                .containsExactly("LEFT_TO_KERNEL");
        assertThat(shared.input(shared.wan, ask(NEW, CLIENT6, OTHER_MAC))).containsExactly("LEFT_TO_KERNEL");
        assertThat(shared.input(shared.wan, echo(Address.parse("2001:db8:f::1")).toBytes()))
                .containsExactly("LEFT_TO_KERNEL");
    }

    @Test
    void withoutIpv6NothingOfItIsTaken() {
        f.context.network = f.context.network.withSettings(StackSettings.DEFAULTS.withIpv6(false, false));
        assertThat(f.input(f.wan, echo(VIP6))).containsExactly("UNKNOWN_PROTOCOL");
        assertThat(f.input(f.wan, ask(NEW, VIP6, OTHER_MAC))).containsExactly("UNKNOWN_PROTOCOL");
    }

    @Test
    void forwarding() {
        PacketBuilder packet = fromClient(PacketBuilder.udp(CLIENT6, 1, SERVER6, 2));
        f.know(f.lan, SERVER6, SERVER_MAC);
        f.context.network = f.context.network.withSettings(StackSettings.DEFAULTS.withIpv6(true, true));
        assertThat(f.input(f.wan, packet))
                .containsExactly("lan server<LAN 2001:db8:a::1>2001:db8:b::1 ttl 63 udp length 8");
        assertThat(f.input(f.wan, packet.ttl(1)))
                .containsExactly(
                        "wan client<WAN 2001:db8:a::100>2001:db8:a::1 ttl 64 icmp 3/0 length 56", "TTL_EXCEEDED");
        assertThat(f.input(f.wan, packet.ttl(64).payload(1353)))
                .containsExactly(
                        "wan client<WAN 2001:db8:a::100>2001:db8:a::1 ttl 64 icmp 2/0 length 1240 mtu 1400", "TOO_BIG");
        assertThat(f.input(f.wan, PacketBuilder.udp(CLIENT_LINK, 1, SERVER6, 2).macs(WAN_MAC, CLIENT_MAC)))
                .as("from one link's address")
                .containsExactly("NOT_LOCAL");
    }

    @Test
    void aNextHopIsAskedAnsweredConfirmedAndGivenUp() {
        assertThat(send()).containsExactly(ASK_SERVER);
        assertThat(f.input(f.lan, serverTells(SERVER_MAC, NeighbourDiscovery.SOLICITED)))
                .as("what waited leaves")
                .containsExactly("lan server<LAN 2001:db8:b::100>2001:db8:b::1 ttl 64 udp length 8");
        assertThat(f.handedOver).contains(new StackFixture.Learnt(1, SERVER6, SERVER_MAC));
        assertThat(send()).containsExactly("lan server<LAN 2001:db8:b::100>2001:db8:b::1 ttl 64 udp length 8");
        assertThat(f.advance(60_001))
                .as("a known neighbour is asked at its MAC address")
                .containsExactly("lan server<LAN 2001:db8:b::100>2001:db8:b::1 ttl 255 ask 2001:db8:b::1 at LAN");
        assertThat(f.input(f.lan, serverTells(-1, NeighbourDiscovery.SOLICITED)))
                .isEmpty();
        assertThat(f.advance(30_000)).isEmpty();
        f.advance(31_000);
        for (int i = 0; i < 6; i++) {
            f.advance(10_001);
        }
        assertThat(f.stack.macAddress(1, SERVER6.high(), SERVER6.low())).isEqualTo(-1);
    }

    /** The longest that an IPv6 header can name. */
    @Test
    void aSegmentedPacketOf64KilobytesWaitsWhole() {
        PacketBuilder big =
                PacketBuilder.tcp(LIP6, 1, SERVER6, 2).payload(65_515).segmentSize(1340);
        byte[] expected = big.toBytes();
        Route route = Objects.requireNonNull(f.context.network.route(SERVER6));
        assertThat(f.output(route, big)).containsExactly(ASK_SERVER);
        f.input(f.lan, serverTells(SERVER_MAC, NeighbourDiscovery.SOLICITED));
        assertThat(f.egress.sent.getFirst().frame)
                .hasSize(14 + 40 + 65_535)
                .endsWith(Arrays.copyOfRange(expected, 14, expected.length));
        assertThat(f.dropped()).isZero();
    }

    /** Which worker an answer comes to is the device's choice. */
    @Test
    void anAnswerToAnotherWorkersQuestionIsToldToIt() {
        assertThat(f.input(f.lan, serverTells(SERVER_MAC, NeighbourDiscovery.SOLICITED)))
                .isEmpty();
        assertThat(f.handedOver).containsExactly(new StackFixture.Learnt(1, SERVER6, SERVER_MAC));
    }

    @Test
    void anAnswerWithoutOverrideChangesNoMacAddress() {
        f.know(f.lan, SERVER6, SERVER_MAC);
        f.input(f.lan, serverTells(OTHER_MAC, 0));
        assertThat(f.stack.macAddress(1, SERVER6.high(), SERVER6.low())).isEqualTo(SERVER_MAC);
        f.input(f.lan, serverTells(OTHER_MAC, NeighbourDiscovery.OVERRIDE));
        assertThat(f.stack.macAddress(1, SERVER6.high(), SERVER6.low())).isEqualTo(OTHER_MAC);
    }

    @Test
    void aConflictIsTold() {
        f.input(f.wan, tell(VIP6, OTHER_MAC, NeighbourDiscovery.OVERRIDE));
        assertThat(f.events).containsExactly("conflict 0 2001:db8:a::100 02:00:00:00:99:99");
    }

    @Test
    void newAddressesAreTold() throws NetworkException {
        StackFixture first = new StackFixture(false, StackLimits.DEFAULTS, 0);
        first.context.network = first.context.network.withAddress(InterfaceAddress.of(NEW, 128, first.wan, false));
        String told = "wan 33:33:00:00:00:01<WAN 2001:db8:a::9>ff02::1 ttl 255 tell 2001:db8:a::9 flags O at WAN";
        assertThat(first.advance(0)).containsExactly(told);
        assertThat(first.advance(1000)).containsExactly(told);
        assertThat(first.advance(1000)).containsExactly(told);
        assertThat(first.advance(1000)).isEmpty();
    }

    @Test
    void anAddressIsAskedForBeforeItIsUsed() throws NetworkException {
        NetworkConfiguration before = f.context.network;
        f.context.network =
                before.withAddress(InterfaceAddress.of(NEW, 64, f.wan, false).tentative());
        assertThat(f.advance(0))
                .containsExactly("wan 33:33:ff:00:00:09<WAN ::>ff02::1:ff00:9 ttl 255 ask 2001:db8:a::9");
        assertThat(f.advance(1000)).as("once").isEmpty();
        assertThat(f.input(f.wan, ask(CLIENT6, NEW, CLIENT_MAC)))
                .as("not ours yet")
                .isEmpty();
        assertThat(f.input(f.wan, echo(NEW))).containsExactly("NOT_LOCAL");
        f.context.network =
                f.context.network.edit().detected(NEW, AddressState.ASSIGNED).build();
        assertThat(f.advance(0))
                .containsExactly(
                        "wan 33:33:00:00:00:01<WAN 2001:db8:a::9>ff02::1 ttl 255 tell 2001:db8:a::9 flags O at WAN");
        assertThat(f.input(f.wan, echo(NEW)))
                .containsExactly("wan client<WAN 2001:db8:a::9>2001:db8:a::1 ttl 64 icmp 129/0 length 8");
        assertThat(f.events).isEmpty();
    }

    @Test
    void anAddressThatAnotherHostHasIsNotUsed() throws NetworkException {
        f.context.network = f.context.network.withAddress(
                InterfaceAddress.of(NEW, 64, f.wan, false).tentative());
        f.advance(0);
        f.input(f.wan, tell(NEW, OTHER_MAC, NeighbourDiscovery.OVERRIDE));
        f.input(f.wan, ask(Address.NONE, NEW, -1));
        assertThat(f.events)
                .containsExactly(
                        "duplicate 0 2001:db8:a::9 02:00:00:00:99:99", "duplicate 0 2001:db8:a::9 02:00:00:00:99:99");
        f.context.network =
                f.context.network.edit().detected(NEW, AddressState.DUPLICATE).build();
        assertThat(f.advance(0)).isEmpty();
        assertThat(f.input(f.wan, echo(NEW))).containsExactly("NOT_LOCAL");
        assertThat(f.context.network.address(NEW)).isNotNull();
    }

    private List<String> send() {
        Route route = Objects.requireNonNull(f.context.network.route(SERVER6));
        return f.output(route, PacketBuilder.udp(LIP6, 1, SERVER6, 2));
    }

    private static byte[] serverTells(long link, int flags) {
        return discovery(Icmp6.NEIGHBOUR_ADVERTISEMENT, SERVER6, LIP6, flags, SERVER6, link, SERVER_MAC, LAN_MAC);
    }
}

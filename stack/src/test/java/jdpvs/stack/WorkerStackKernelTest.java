package jdpvs.stack;

import static jdpvs.stack.StackFixture.CLIENT;
import static jdpvs.stack.StackFixture.CLIENT6;
import static jdpvs.stack.StackFixture.CLIENT_MAC;
import static jdpvs.stack.StackFixture.KERNEL;
import static jdpvs.stack.StackFixture.KERNEL6;
import static jdpvs.stack.StackFixture.LAN_MAC;
import static jdpvs.stack.StackFixture.LINK_LOCAL;
import static jdpvs.stack.StackFixture.SERVER;
import static jdpvs.stack.StackFixture.SERVER_MAC;
import static jdpvs.stack.StackFixture.VIP;
import static jdpvs.stack.StackFixture.VIP6;
import static jdpvs.stack.StackFixture.VIP_OF_BOTH;
import static jdpvs.stack.StackFixture.WAN_MAC;
import static jdpvs.stack.StackFixture.arpReply;
import static jdpvs.stack.StackFixture.arpRequest;
import static jdpvs.stack.StackFixture.discovery;
import static jdpvs.stack.StackFixture.fromClient;
import static jdpvs.stack.StackFixture.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.NeighbourDiscovery;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables of packets on a device with a kernel interface. LEFT_TO_KERNEL alone: the control queue has the frame, so that the kernel must not get it twice; after a
 * line of {@code kni}: the worker gave it.
 */
class WorkerStackKernelTest {
    private static final String LEFT = "LEFT_TO_KERNEL";
    private static final long OTHER_MAC = 0x0200_0000_9999L;
    private static final int OTHER = ip("10.0.0.9");
    private static final Address FAR6 = Address.parse("2001:db8:f::1");

    static List<Arguments> packets() {
        byte[] lldp = new byte[60];
        System.arraycopy(arpRequest(OTHER_MAC, OTHER, VIP), 0, lldp, 0, 12);
        lldp[12] = (byte) 0x88;
        lldp[13] = (byte) 0xcc;
        byte[] badChecksum = echo(VIP).toBytes();
        badChecksum[37] ^= 1;
        return List.of(
                row(
                        "an echo to the VIP is answered here",
                        echo(VIP),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 0/0 length 8"),
                row("an echo to the kernel's address", echo(KERNEL), LEFT),
                row("an echo to an address routed kni_host by hand", echo(ip("10.0.0.50")), LEFT),
                row("TCP to the kernel's address", tcp(KERNEL), LEFT),
                row("a port nobody serves", tcp(VIP), "kni WAN<client 10.0.0.1>10.0.0.100 ttl 64 tcp length 20", LEFT),
                row(
                        "a UDP port nobody serves",
                        udp(VIP),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 3/3 length 36",
                        "LOCAL_PORT_CLOSED"),
                row(
                        "the same on an address that the kernel has too",
                        udp(VIP_OF_BOTH),
                        "kni WAN<client 10.0.0.1>10.0.0.101 ttl 64 udp length 8",
                        LEFT),
                row(
                        "another ICMP message to the VIP",
                        echo(VIP).icmp(Icmp.ECHO_REPLY, 0),
                        "kni WAN<client 10.0.0.1>10.0.0.100 ttl 64 icmp 0/0 length 8",
                        LEFT),
                row("an ICMP message with a wrong checksum", badChecksum, "BAD_ICMP_HEADER"),
                row(
                        "a protocol nobody speaks",
                        other(47, VIP),
                        "kni WAN<client 10.0.0.1>10.0.0.100 ttl 64 protocol 47",
                        LEFT),
                row("OSPF to the VIP", other(89, VIP), LEFT),
                row("VRRP between hosts", other(112, OTHER), LEFT),
                row("multicast on the link", group("224.0.0.5"), LEFT),
                row(
                        "multicast beyond the link",
                        group("239.1.2.3"),
                        "kni 01:00:5e:01:02:03<client 10.0.0.1>239.1.2.3 ttl 64 udp length 8",
                        LEFT),
                row(
                        "broadcast",
                        udp(-1).macs(Ethernet.BROADCAST, CLIENT_MAC),
                        "kni all<client 10.0.0.1>255.255.255.255 ttl 64 udp length 8",
                        LEFT),
                row(
                        "an unknown address",
                        echo(ip("8.8.8.8")),
                        "kni WAN<client 10.0.0.1>8.8.8.8 ttl 64 icmp 8/0 length 8",
                        LEFT),
                row("for another host", echo(OTHER).macs(OTHER_MAC, CLIENT_MAC), "OTHER_HOST"),
                row(
                        "from our own address",
                        PacketBuilder.echo(VIP, SERVER, 1, 1).macs(WAN_MAC, CLIENT_MAC),
                        "BAD_IP_HEADER"),
                row("LLDP", lldp, LEFT),
                row(
                        "ARP asks for the VIP",
                        arpRequest(CLIENT_MAC, CLIENT, VIP),
                        "wan client<WAN arp reply 10.0.0.100 to 10.0.0.1"),
                row("ARP asks for the kernel's address", arpRequest(CLIENT_MAC, OTHER, KERNEL), LEFT),
                row("ARP answers the kernel", arpReply(OTHER_MAC, OTHER, WAN_MAC, KERNEL), LEFT),
                row(
                        "ARP answers the kernel about whom dpvs knows, which learns",
                        arpReply(CLIENT_MAC, CLIENT, WAN_MAC, KERNEL)),
                row("ARP claims the VIP", arpRequest(OTHER_MAC, VIP, CLIENT), "BAD_ARP"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packets")
    void packet(String description, byte[] in, List<String> out) {
        StackFixture f = fixture();
        assertThat(f.input(f.wan, in)).isEqualTo(out);
    }

    static List<Arguments> packets6() {
        return List.of(
                row(
                        "an echo to the VIP is answered here",
                        echo6(VIP6),
                        "wan client<WAN 2001:db8:a::100>2001:db8:a::1 ttl 64 icmp 129/0 length 8"),
                row("an echo to the kernel's address", echo6(KERNEL6), LEFT),
                row("an echo to the link-local address of both", echo6(LINK_LOCAL), LEFT),
                row(
                        "a UDP port nobody serves",
                        udp6(VIP6),
                        "wan client<WAN 2001:db8:a::100>2001:db8:a::1 ttl 64 icmp 1/4 length 56",
                        "LOCAL_PORT_CLOSED"),
                row("all nodes", echo6(NeighbourDiscovery.ALL_NODES), LEFT),
                row(
                        "a group beyond the link",
                        echo6(Address.parse("ff0e::7")),
                        "kni WAN<client 2001:db8:a::1>ff0e::7 ttl 64 icmp 128/0 length 8",
                        LEFT),
                row(
                        "an unknown address",
                        echo6(FAR6),
                        "kni WAN<client 2001:db8:a::1>2001:db8:f::1 ttl 64 icmp 128/0 length 8",
                        LEFT),
                row(
                        "a question for the VIP",
                        ask(VIP6),
                        "wan client<WAN 2001:db8:a::100>2001:db8:a::1 ttl 255 tell 2001:db8:a::100 flags SO at WAN"),
                row("a question for the kernel's address, from whom dpvs knows", ask(KERNEL6)),
                row(
                        "a router advertises",
                        echo6(NeighbourDiscovery.ALL_NODES).icmp(Icmp6.ROUTER_ADVERTISEMENT, 0),
                        LEFT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packets6")
    void packet6(String description, byte[] in, List<String> out) {
        StackFixture f = fixture();
        assertThat(f.input(f.wan, in)).isEqualTo(out);
    }

    static List<Arguments> forwarding() {
        return List.of(
                row("to a server", udp(SERVER), "lan server<LAN 10.0.0.1>192.168.0.1 ttl 63 udp length 8"),
                row("to the kernel's address", udp(KERNEL), LEFT),
                row(
                        "what no route leads to",
                        udp(ip("172.16.0.1")),
                        "kni WAN<client 10.0.0.1>172.16.0.1 ttl 64 udp length 8",
                        LEFT),
                row(
                        "the last hop",
                        udp(SERVER).ttl(1),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 11/0 length 36",
                        "TTL_EXCEEDED"),
                row("the server network's broadcast", udp(ip("192.168.0.255")), "UNKNOWN_PROTOCOL"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forwarding")
    void forwardingIsOnAndThereIsNoDefaultRoute(String description, byte[] in, List<String> out)
            throws NetworkException {
        StackFixture f = fixture();
        f.context.network = f.context.network.withIpv4Forwarding(true).withoutRoute(RouteRequest.link(0, 0, f.wan));
        assertThat(f.input(f.wan, in)).isEqualTo(out);
    }

    /** For a bond whose frames go another way now: the kernel does not see that. */
    @Test
    void theKernelsAddressesCanBeAnnouncedToo() {
        StackFixture f = fixture();
        f.stack.announce(f.wan.id(), Address.ofIpv4(KERNEL));
        assertThat(f.advance(10)).containsExactly("wan all<WAN arp who-has 10.0.0.60 tell 10.0.0.60");
        f.stack.announce(f.lan.id(), Address.ofIpv4(KERNEL));
        assertThat(f.advance(10)).isEmpty();
    }

    /** Servers reach an address of the kernel's by whichever device they can; it is to look like one for that interface. */
    @Test
    void byTheOtherDevice() {
        StackFixture f = fixture();
        PacketBuilder echo = PacketBuilder.echo(SERVER, KERNEL, 1, 1).macs(LAN_MAC, SERVER_MAC);
        assertThat(f.input(f.lan, echo))
                .containsExactly("kni WAN<server 192.168.0.1>10.0.0.60 ttl 64 icmp 8/0 length 8", LEFT);
        assertThat(f.input(f.lan, PacketBuilder.tcp(SERVER, 1, VIP, 81).macs(LAN_MAC, SERVER_MAC)))
                .containsExactly("LOCAL_PORT_CLOSED");
    }

    @Test
    void ipv6IsTheKernelsAloneWhereDpvsIsToldSo() {
        StackFixture f = fixture();
        f.context.network = f.context.network.withSettings(StackSettings.DEFAULTS.withIpv6(false, false));
        assertThat(f.input(f.wan, echo6(VIP6)))
                .containsExactly("kni WAN<client 2001:db8:a::1>2001:db8:a::100 ttl 64 icmp 128/0 length 8", LEFT);
    }

    /** Of VLANs without a device: an interface of the kernel's on top of the kernel interface may be in it. */
    @Test
    void taggedFramesReachTheKernelOnce() {
        StackFixture f = fixture();
        assertThat(f.input(f.wan, tagged(tcp(OTHER).toBytes())))
                .hasSize(2)
                .endsWith(LEFT)
                .first()
                .asString()
                .startsWith("kni ");
        assertThat(f.input(f.wan, tagged(tcp(KERNEL).toBytes()))).containsExactly(LEFT);
        assertThat(f.input(f.wan, tagged(group("224.0.0.18").toBytes()))).containsExactly(LEFT);
    }

    private static byte[] tagged(byte[] frame) {
        byte[] tagged = new byte[frame.length + 4];
        System.arraycopy(frame, 0, tagged, 0, 12);
        tagged[12] = (byte) 0x81;
        tagged[15] = 96;
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
    }

    private static StackFixture fixture() {
        StackFixture f = StackFixture.besideKernel();
        f.know(f.wan, CLIENT, CLIENT_MAC);
        f.know(f.wan, CLIENT6, CLIENT_MAC);
        f.know(f.lan, SERVER, SERVER_MAC);
        return f;
    }

    private static byte[] ask(Address target) {
        Address group = NeighbourDiscovery.solicitedNode(target.low());
        return discovery(
                Icmp6.NEIGHBOUR_SOLICITATION,
                CLIENT6,
                group,
                0,
                target,
                CLIENT_MAC,
                CLIENT_MAC,
                NeighbourDiscovery.groupMac(group.low()));
    }

    private static PacketBuilder echo(int destination) {
        return fromClient(PacketBuilder.echo(CLIENT, destination, 7, 1));
    }

    private static PacketBuilder echo6(Address destination) {
        return fromClient(PacketBuilder.echo(CLIENT6, destination, 7, 1));
    }

    private static PacketBuilder tcp(int destination) {
        return fromClient(PacketBuilder.tcp(CLIENT, 1, destination, 81).flags(Tcp.SYN));
    }

    private static PacketBuilder udp(int destination) {
        return fromClient(PacketBuilder.udp(CLIENT, 1, destination, 81));
    }

    private static PacketBuilder udp6(Address destination) {
        return fromClient(PacketBuilder.udp(CLIENT6, 1, destination, 81));
    }

    private static PacketBuilder other(int protocol, int destination) {
        return fromClient(PacketBuilder.ipv4(protocol, CLIENT, destination).payload(8));
    }

    private static PacketBuilder group(String address) {
        return udp(ip(address)).macs(0x0100_5e00_0000L | (ip(address) & 0x7f_ffff), CLIENT_MAC);
    }

    private static Arguments row(String description, PacketBuilder in, String... out) {
        return row(description, in.toBytes(), out);
    }

    private static Arguments row(String description, byte[] in, String... out) {
        return Arguments.of(description, in, List.of(out));
    }
}

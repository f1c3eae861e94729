package jdpvs.stack;

import static jdpvs.stack.StackFixture.CLIENT;
import static jdpvs.stack.StackFixture.CLIENT_MAC;
import static jdpvs.stack.StackFixture.LAN_MAC;
import static jdpvs.stack.StackFixture.LIP;
import static jdpvs.stack.StackFixture.SERVER;
import static jdpvs.stack.StackFixture.SERVER_MAC;
import static jdpvs.stack.StackFixture.VIP;
import static jdpvs.stack.StackFixture.WAN_MAC;
import static jdpvs.stack.StackFixture.arpReply;
import static jdpvs.stack.StackFixture.arpRequest;
import static jdpvs.stack.StackFixture.fromClient;
import static jdpvs.stack.StackFixture.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of packets: what comes in on the wan device, and what goes out or is counted. Client and server are known neighbours. */
class WorkerStackTest {
    private static final long OTHER_MAC = 0x0200_0000_9999L;

    static List<Arguments> exclusive() {
        byte[] truncated = {1, 2, 3};
        byte[] otherHost = fromClient(PacketBuilder.echo(CLIENT, VIP, 1, 1))
                .macs(OTHER_MAC, CLIENT_MAC)
                .toBytes();
        byte[] badChecksum = fromClient(PacketBuilder.echo(CLIENT, VIP, 1, 1)).toBytes();
        badChecksum[37] ^= 1;
        byte[] ipv6 = new byte[60];
        System.arraycopy(otherHost, 0, ipv6, 0, 14);
        ipv6[0] = 0x33;
        ipv6[12] = (byte) 0x86;
        ipv6[13] = (byte) 0xdd;
        byte[] lldp = ipv6.clone();
        lldp[0] = 1;
        lldp[12] = (byte) 0x88;
        lldp[13] = (byte) 0xcc;
        return List.of(
                row(
                        "echo request is answered",
                        echo(VIP).payload(56),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 0/0 length 64"),
                row(
                        "echo for the LIP over the other device too",
                        echo(LIP).payload(1),
                        "wan client<WAN 192.168.0.100>10.0.0.1 ttl 64 icmp 0/0 length 9"),
                row(
                        "echo with IP options",
                        echo(VIP).ipOptions(new byte[] {1, 1, 1, 0}),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 0/0 length 8"),
                row(
                        "echo with TTL 1 is for us",
                        echo(VIP).ttl(1),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 0/0 length 8"),
                row("echo with a wrong checksum", badChecksum, "BAD_ICMP_HEADER"),
                row("echo reply nobody asked for", echo(VIP).icmp(Icmp.ECHO_REPLY, 0), "LOCAL_PORT_CLOSED"),
                row(
                        "echo from our own address",
                        PacketBuilder.echo(LIP, VIP, 1, 1).macs(WAN_MAC, CLIENT_MAC),
                        "BAD_IP_HEADER"),
                row("echo bigger than the way back", echo(VIP).payload(1473), "TOO_BIG"),
                row(
                        "echo in a link-layer broadcast",
                        echo(VIP).macs(Ethernet.BROADCAST, CLIENT_MAC),
                        "UNKNOWN_PROTOCOL"),
                row("fragment for us", echo(VIP).fragment(Ipv4.MORE_FRAGMENTS), "LOCAL_PORT_CLOSED"),
                row(
                        "TCP without a service",
                        fromClient(PacketBuilder.tcp(CLIENT, 1, VIP, 81).flags(Tcp.SYN)),
                        "LOCAL_PORT_CLOSED"),
                row(
                        "UDP without a service",
                        fromClient(PacketBuilder.udp(CLIENT, 1, VIP, 81)),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 3/3 length 36",
                        "LOCAL_PORT_CLOSED"),
                row(
                        "UDP without a service to the LIP, which answers itself",
                        fromClient(PacketBuilder.udp(CLIENT, 1, LIP, 81)),
                        "wan client<WAN 192.168.0.100>10.0.0.1 ttl 64 icmp 3/3 length 36",
                        "LOCAL_PORT_CLOSED"),
                row(
                        "UDP fragment for us",
                        fromClient(PacketBuilder.udp(CLIENT, 1, VIP, 81)).fragment(Ipv4.MORE_FRAGMENTS),
                        "LOCAL_PORT_CLOSED"),
                row(
                        "UDP without a service in a link-layer broadcast",
                        PacketBuilder.udp(CLIENT, 1, VIP, 81).macs(Ethernet.BROADCAST, CLIENT_MAC),
                        "UNKNOWN_PROTOCOL"),
                row(
                        "UDP to the kernel's address",
                        fromClient(PacketBuilder.udp(CLIENT, 1, ip("10.0.0.50"), 81)),
                        "LEFT_TO_KERNEL"),
                row(
                        "UDP from nobody who can be told",
                        fromClient(PacketBuilder.udp(ip("0.0.0.7"), 1, VIP, 81)),
                        "BAD_IP_HEADER"),
                row(
                        "OSPF for us",
                        fromClient(PacketBuilder.ipv4(89, CLIENT, VIP).payload(8)),
                        "LOCAL_PORT_CLOSED"),
                row("multicast", echo(ip("224.0.0.5")).macs(0x0100_5e00_0005L, CLIENT_MAC), "UNKNOWN_PROTOCOL"),
                row("limited broadcast", echo(-1).macs(Ethernet.BROADCAST, CLIENT_MAC), "UNKNOWN_PROTOCOL"),
                row("another host's MAC address", otherHost, "OTHER_HOST"),
                row("the kernel's address", echo(ip("10.0.0.50")), "LEFT_TO_KERNEL"),
                row("somebody else's packet", echo(ip("8.8.8.8")), "NOT_LOCAL"),
                row("too short", truncated, "TRUNCATED"),
                row("IPv6 without a header", ipv6, "BAD_IP_HEADER"),
                row("LLDP", lldp, "UNKNOWN_PROTOCOL"),
                row(
                        "loopback source",
                        PacketBuilder.echo(ip("127.0.0.1"), VIP, 1, 1).macs(WAN_MAC, CLIENT_MAC),
                        "BAD_IP_HEADER"),
                row(
                        "TCP header too short",
                        fromClient(PacketBuilder.ipv4(Ipv4.TCP, CLIENT, VIP).payload(19)),
                        "BAD_TCP_HEADER"),
                row(
                        "ARP request for the VIP",
                        arpRequest(CLIENT_MAC, CLIENT, VIP),
                        "wan client<WAN arp reply 10.0.0.100 to 10.0.0.1"),
                row(
                        "ARP probe for the VIP",
                        arpRequest(CLIENT_MAC, 0, VIP),
                        "wan client<WAN arp reply 10.0.0.100 to 0.0.0.0"),
                row(
                        "ARP request for an address of the other device",
                        arpRequest(OTHER_MAC, ip("10.0.0.9"), LIP),
                        "NOT_LOCAL"),
                row(
                        "ARP request for the kernel's address",
                        arpRequest(OTHER_MAC, ip("10.0.0.9"), ip("10.0.0.50")),
                        "NOT_LOCAL"),
                row(
                        "ARP request for another host",
                        arpRequest(OTHER_MAC, ip("10.0.0.9"), ip("10.0.0.10")),
                        "NOT_LOCAL"),
                row(
                        "ARP request from a known neighbour for another host",
                        arpRequest(CLIENT_MAC, CLIENT, ip("10.0.0.10"))),
                row("ARP reply to us", arpReply(OTHER_MAC, ip("10.0.0.9"), WAN_MAC, VIP)),
                row("ARP sender is broadcast", arpRequest(Ethernet.BROADCAST, CLIENT, VIP), "BAD_ARP"),
                row("ARP sender is nobody", arpRequest(0, CLIENT, VIP), "BAD_ARP"),
                row("ARP sender address is multicast", arpRequest(CLIENT_MAC, ip("224.0.0.1"), VIP), "BAD_ARP"),
                row("ARP claims our address", arpRequest(CLIENT_MAC, VIP, CLIENT), "BAD_ARP"),
                row("ARP of our own other device", arpRequest(LAN_MAC, LIP, ip("10.0.0.9")), "NOT_LOCAL"),
                row("ARP with an unknown operation", PacketBuilder.arp(9, CLIENT_MAC, CLIENT, 0, VIP), "NOT_LOCAL"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusive")
    void exclusiveDevice(String description, byte[] in, List<String> out) {
        assertThat(fixture(false).input(new Device(0, "wan", WAN_MAC, 1500, false), in))
                .isEqualTo(out);
    }

    static List<Arguments> shared() {
        return List.of(
                row(
                        "echo request is answered",
                        echo(VIP),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 0/0 length 8"),
                row("TCP without a service", fromClient(PacketBuilder.tcp(CLIENT, 1, VIP, 81)), "LOCAL_PORT_CLOSED"),
                row("somebody else's packet", echo(ip("8.8.8.8")), "LEFT_TO_KERNEL"),
                row("multicast", echo(ip("224.0.0.5")), "LEFT_TO_KERNEL"),
                row(
                        "ARP request for the VIP",
                        arpRequest(CLIENT_MAC, CLIENT, VIP),
                        "wan client<WAN arp reply 10.0.0.100 to 10.0.0.1"),
                row(
                        "ARP request for the kernel's address",
                        arpRequest(OTHER_MAC, ip("10.0.0.9"), ip("10.0.0.50")),
                        "LEFT_TO_KERNEL"),
                row(
                        "ARP reply to the kernel",
                        arpReply(OTHER_MAC, ip("10.0.0.9"), WAN_MAC, ip("10.0.0.50")),
                        "LEFT_TO_KERNEL"));
    }

    /** Forwarding is on, yet a shared device passes nothing on: the kernel has its own copy and decides. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("shared")
    void sharedDevice(String description, byte[] in, List<String> out) {
        StackFixture fixture = fixture(true);
        fixture.context.network = fixture.context.network.withIpv4Forwarding(true);
        assertThat(fixture.input(fixture.wan, in)).isEqualTo(out);
    }

    static List<Arguments> forwarding() {
        PacketBuilder error = fromClient(PacketBuilder.ipv4(Ipv4.ICMP, CLIENT, SERVER))
                .payload(new byte[] {3, 1, (byte) 0xfc, (byte) 0xfe, 0, 0, 0, 0})
                .ttl(1);
        return List.of(
                row(
                        "to a server",
                        udp(SERVER).payload(100),
                        "lan server<LAN 10.0.0.1>192.168.0.1 ttl 63 udp length 108"),
                row(
                        "a fragment",
                        udp(SERVER).payload(64).fragment(Ipv4.MORE_FRAGMENTS),
                        "lan server<LAN 10.0.0.1>192.168.0.1 ttl 63 udp length 72"),
                row(
                        "another protocol",
                        fromClient(PacketBuilder.ipv4(47, CLIENT, SERVER).payload(4)),
                        "lan server<LAN 10.0.0.1>192.168.0.1 ttl 63 protocol 47"),
                row(
                        "to the default gateway, unknown yet",
                        udp(ip("8.8.8.8")),
                        "wan all<WAN arp who-has 10.0.0.254 tell 10.0.0.100"),
                row(
                        "last hop",
                        udp(SERVER).ttl(1),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 11/0 length 36",
                        "TTL_EXCEEDED"),
                row("last hop of an ICMP error", error, "TTL_EXCEEDED"),
                row("last hop of a later fragment", udp(SERVER).ttl(1).fragment(8), "TTL_EXCEEDED"),
                row(
                        "exactly the MTU",
                        udp(SERVER).payload(1372),
                        "lan server<LAN 10.0.0.1>192.168.0.1 ttl 63 udp length 1380"),
                row(
                        "above the MTU, may not be fragmented",
                        udp(SERVER).payload(1373),
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 3/4 length 556",
                        "TOO_BIG"),
                row(
                        "above the MTU",
                        udp(SERVER).payload(1373).fragment(0),
                        "lan server<LAN 10.0.0.1>192.168.0.1 ttl 63 udp length 1376",
                        "lan server<LAN 10.0.0.1>192.168.0.1 ttl 63 udp length 5"),
                row("broadcast of the server network", udp(ip("192.168.0.255")), "UNKNOWN_PROTOCOL"),
                row(
                        "from our own address",
                        PacketBuilder.udp(VIP, 1, SERVER, 2).macs(WAN_MAC, CLIENT_MAC),
                        "BAD_IP_HEADER"),
                row("for us", echo(VIP), "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 0/0 length 8"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forwarding")
    void forwardingIsOn(String description, byte[] in, List<String> out) {
        StackFixture fixture = fixture(false);
        fixture.context.network = fixture.context.network.withIpv4Forwarding(true);
        assertThat(fixture.input(fixture.wan, in)).isEqualTo(out);
    }

    private static StackFixture fixture(boolean shared) {
        StackFixture fixture = new StackFixture(shared);
        fixture.know(fixture.wan, CLIENT, CLIENT_MAC);
        fixture.know(fixture.lan, SERVER, SERVER_MAC);
        return fixture;
    }

    private static PacketBuilder echo(int destination) {
        return fromClient(PacketBuilder.echo(CLIENT, destination, 7, 1));
    }

    private static PacketBuilder udp(int destination) {
        return fromClient(PacketBuilder.udp(CLIENT, 1000, destination, 2000));
    }

    private static Arguments row(String description, PacketBuilder in, String... out) {
        return row(description, in.toBytes(), out);
    }

    private static Arguments row(String description, byte[] in, String... out) {
        return Arguments.of(description, in, List.of(out));
    }
}

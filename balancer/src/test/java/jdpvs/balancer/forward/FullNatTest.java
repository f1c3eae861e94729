package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.CLIENT;
import static jdpvs.balancer.forward.World.GATEWAY_MAC;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LAN_MAC;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.SERVER_1_MAC;
import static jdpvs.balancer.forward.World.SERVER_2;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static jdpvs.balancer.forward.World.WAN_MAC;
import static jdpvs.wire.PacketBuilder.tcp;
import static jdpvs.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.NetworkException;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.Udp;
import org.junit.jupiter.api.Test;

/** Packets in, packets out: the rules of facts behaviour §4, §6 and §8 for one worker. */
class FullNatTest {
    private final World world = World.web();

    static PacketBuilder fromClient(int port, int flags) {
        return tcp(CLIENT, port, VIP, 80).flags(flags);
    }

    static PacketBuilder fromServer(String server, int localPort, int flags) {
        return tcp(server, 80, LIP, localPort).flags(flags);
    }

    /** Opens a connection by a whole handshake and returns its local port. */
    static int establish(World world, int clientPort) {
        Packet syn = world.receive(WAN, fromClient(clientPort, Tcp.SYN).sequence(100))
                .getFirst();
        String server = syn.destination().split(":")[0];
        world.receive(
                LAN,
                fromServer(server, syn.localPort(), Tcp.SYN | Tcp.ACK)
                        .sequence(500)
                        .acknowledgement(Tcp.sequence(syn.transport()) + 1));
        world.receive(WAN, fromClient(clientPort, Tcp.ACK).sequence(101).acknowledgement(501));
        world.receive(
                LAN,
                fromServer(server, syn.localPort(), Tcp.ACK)
                        .sequence(501)
                        .acknowledgement(Tcp.sequence(syn.transport()) + 1)
                        .payload(1));
        world.receive(WAN, fromClient(clientPort, Tcp.ACK).sequence(101).acknowledgement(502));
        return syn.localPort();
    }

    @Test
    void rewritesBothDirections() {
        Packet syn = world.receive(WAN, fromClient(40000, Tcp.SYN).ttl(17)).getFirst();

        assertThat(syn.source()).startsWith(LIP + ":");
        assertThat(syn.destination()).isEqualTo(SERVER_1 + ":80");
        assertThat(syn.device()).isEqualTo(LAN);
        assertThat(syn.destinationMac()).isEqualTo(SERVER_1_MAC);
        assertThat(syn.sourceMac()).isEqualTo(LAN_MAC);
        assertThat(Ipv4.ttl(syn.ip())).isEqualTo(17);
        assertThat(syn.isSound()).isTrue();

        Packet synAck = world.receive(LAN, fromServer(SERVER_1, syn.localPort(), Tcp.SYN | Tcp.ACK))
                .getFirst();

        assertThat(synAck.source()).isEqualTo(VIP + ":80");
        assertThat(synAck.destination()).isEqualTo(CLIENT + ":40000");
        assertThat(synAck.device()).isEqualTo(WAN);
        assertThat(synAck.destinationMac()).isEqualTo(GATEWAY_MAC);
        assertThat(synAck.sourceMac()).isEqualTo(WAN_MAC);
        assertThat(synAck.isSound()).isTrue();
        assertThat(world.dropped()).isEmpty();
    }

    @Test
    void countsConnectionsPacketsAndBytes() {
        int server = world.serverId(SERVER_1);
        establish(world, 40000);

        assertThat(world.counters.connectionsCreated(server)).isEqualTo(1);
        assertThat(world.counters.packetsIn(server)).isEqualTo(3);
        assertThat(world.counters.packetsOut(server)).isEqualTo(2);
        assertThat(world.counters.bytesIn(server)).isEqualTo(120);
        assertThat(world.counters.bytesOut(server)).isEqualTo(81);
        assertThat(world.counters.active(server)).isEqualTo(1);
        assertThat(world.counters.inactive(server)).isZero();
        assertThat(world.states()).isEqualTo("TCP_EST");
        assertThat(world.balancer.connections().localPorts().used(0)).isEqualTo(1);
        assertThat(world.balancer.connections().localAddressUse().connections(0, 0))
                .isEqualTo(1);
    }

    @Test
    void listsAConnectionWithItsFourEndpoints() {
        int localPort = establish(world, 40000);
        List<ConnectionSnapshot> seen = new ArrayList<>();
        world.balancer.connections().forEach(seen::add);

        ConnectionSnapshot only = seen.getFirst();
        assertThat(seen).hasSize(1);
        assertThat(only.clientAddress()).isEqualTo(Address.parse(CLIENT));
        assertThat(only.clientPort()).isEqualTo(40000);
        assertThat(only.virtualAddress()).isEqualTo(Address.parse(VIP));
        assertThat(only.virtualPort()).isEqualTo(80);
        assertThat(only.localAddress()).isEqualTo(Address.parse(LIP));
        assertThat(only.localPort()).isEqualTo(localPort);
        assertThat(only.serverAddress()).isEqualTo(Address.parse(SERVER_1));
        assertThat(only.serverPort()).isEqualTo(80);
        assertThat(only.udp()).isFalse();
    }

    @Test
    void followsAConnectionToItsEnd() {
        int server = world.serverId(SERVER_1);
        int localPort = establish(world, 40000);
        world.receive(WAN, fromClient(40000, Tcp.FIN | Tcp.ACK));
        assertThat(world.states()).isEqualTo("CLOSE_WAIT");
        assertThat(world.counters.active(server)).isZero();
        assertThat(world.counters.inactive(server)).isEqualTo(1);
        world.receive(LAN, fromServer(SERVER_1, localPort, Tcp.FIN | Tcp.ACK));
        assertThat(world.states()).isEqualTo("TIME_WAIT");
        assertThat(world.receive(WAN, fromClient(40000, Tcp.ACK))).hasSize(1);
        world.pass(6);
        assertThat(world.states()).isEqualTo("TIME_WAIT");
        assertThat(world.pass(2)).isEmpty();
        assertThat(world.states()).isEmpty();
        assertThat(world.counters.inactive(server)).isZero();
        assertThat(world.balancer.connections().localPorts().used(0)).isZero();
        assertThat(world.balancer.connections().localAddressUse().connections(0, 0))
                .isZero();
        world.receive(WAN, fromClient(40000, Tcp.ACK));
        assertThat(world.dropped()).isEqualTo(Map.of(DropReason.NOT_SYN, 1L));
    }

    @Test
    void oneBurstMayOpenAndUseAConnection() {
        List<Packet> packets =
                world.receive(WAN, fromClient(40000, Tcp.SYN), fromClient(40000, Tcp.SYN), fromClient(40001, Tcp.SYN));

        assertThat(packets)
                .extracting(Packet::destination)
                .containsExactly(SERVER_1 + ":80", SERVER_1 + ":80", SERVER_2 + ":80");
        assertThat(packets.get(0).localPort()).isEqualTo(packets.get(1).localPort());
        assertThat(world.balancer.connections().size()).isEqualTo(2);
    }

    @Test
    void synOnAFinishedConnectionBeginsANewOne() {
        int first = establish(world, 40000);
        world.receive(LAN, fromServer(SERVER_1, first, Tcp.RST));
        assertThat(world.states()).isEqualTo("TCP_CLOSE");

        Packet syn = world.receive(WAN, fromClient(40000, Tcp.SYN)).getFirst();

        assertThat(syn.destination()).isEqualTo(SERVER_2 + ":80");
        assertThat(world.states()).isEqualTo("SYN_RECV");
        assertThat(world.balancer.connections().size()).isEqualTo(1);
    }

    @Test
    void synOnALivingConnectionGoesItsWay() {
        int first = establish(world, 40000);
        Packet syn = world.receive(WAN, fromClient(40000, Tcp.SYN)).getFirst();
        assertThat(syn.destination()).isEqualTo(SERVER_1 + ":80");
        assertThat(syn.localPort()).isEqualTo(first);
    }

    @Test
    void onlyAPureSynOpens() {
        for (int flags : new int[] {Tcp.SYN | Tcp.ACK, Tcp.SYN | Tcp.FIN, Tcp.SYN | Tcp.RST, Tcp.ACK, Tcp.RST, 0}) {
            assertThat(world.receive(WAN, fromClient(40000, flags))).isEmpty();
        }
        assertThat(world.dropped()).isEqualTo(Map.of(DropReason.NOT_SYN, 6L));
    }

    @Test
    void refusalsAreCounted() {
        World bare = new World(4, 0, 1, Timeouts.DEFAULT);
        bare.services(change -> change.addService(World.WEB, ServiceSettings.of("rr")));
        bare.receive(WAN, fromClient(1, Tcp.SYN));
        bare.services(change -> change.addLocalAddress(World.WEB, World.address(LIP), LAN));
        bare.receive(WAN, fromClient(1, Tcp.SYN));
        assertThat(bare.dropped()).isEqualTo(Map.of(DropReason.NO_LOCAL_ADDRESS, 1L, DropReason.NO_DESTINATION, 1L));
        bare.services(change ->
                change.addServer(World.WEB, new ServerEndpoint(World.address(SERVER_1), 80), ServerSettings.weight(1)));
        for (int port = 1; port <= 4; port++) {
            establish(bare, port);
        }
        bare.receive(WAN, fromClient(5, Tcp.SYN), fromClient(6, Tcp.SYN));
        assertThat(bare.dropped()).containsEntry(DropReason.CONNECTION_TABLE_FULL, 2L);
        assertThat(bare.balancer.connections().size()).isEqualTo(4);
    }

    @Test
    void weightZeroKeepsWhatItHas() {
        int localPort = establish(world, 40000);
        world.services(change -> change.editServer(
                World.WEB, new ServerEndpoint(World.address(SERVER_1), 80), ServerSettings.weight(0)));
        assertThat(world.receive(WAN, fromClient(40000, Tcp.ACK))).hasSize(1);
        assertThat(world.receive(LAN, fromServer(SERVER_1, localPort, Tcp.ACK))).hasSize(1);
        assertThat(world.receive(WAN, fromClient(40001, Tcp.SYN), fromClient(40002, Tcp.SYN)))
                .extracting(Packet::destination)
                .containsOnly(SERVER_2 + ":80");
    }

    @Test
    void aRemovedServersConnectionsGoOnAlsoWithoutTheirService() {
        int server = world.serverId(SERVER_1);
        int localPort = establish(world, 40000);
        world.services(change -> change.deleteServer(World.WEB, new ServerEndpoint(World.address(SERVER_1), 80)));
        assertThat(world.receive(WAN, fromClient(40000, Tcp.ACK))).hasSize(1);
        world.services(change -> change.deleteService(World.WEB));
        assertThat(world.receive(LAN, fromServer(SERVER_1, localPort, Tcp.ACK))).hasSize(1);
        assertThat(world.counters.active(server)).isEqualTo(1);
        world.pass(100);
        assertThat(world.counters.active(server)).isZero();
    }

    @Test
    void expireQuiescentEndsConnectionsOfUnwantedServers() {
        int localPort = establish(world, 40000);
        world.services(
                change -> change.editService(World.WEB, ServiceSettings.of("rr").withExpireQuiescent()));
        assertThat(world.receive(WAN, fromClient(40000, Tcp.ACK))).hasSize(1);
        world.services(change -> change.deleteServer(World.WEB, new ServerEndpoint(World.address(SERVER_1), 80)));
        assertThat(world.receive(LAN, fromServer(SERVER_1, localPort, Tcp.ACK))).isEmpty();
        assertThat(world.dropped()).isEqualTo(Map.of(DropReason.SERVER_GONE, 1L));
        assertThat(world.balancer.connections().size()).isZero();
    }

    @Test
    void balancesDatagrams() {
        world.dnsService();
        Packet query =
                world.receive(WAN, udp(CLIENT, 5000, VIP, 53).payload("who?")).getFirst();
        assertThat(query.destination()).isEqualTo(SERVER_1 + ":5353");
        assertThat(query.isSound()).isTrue();
        assertThat(query.payload()).asString().isEqualTo("who?");
        assertThat(world.states()).isEqualTo("UDP_ONEWAY");
        Packet second =
                world.receive(WAN, udp(CLIENT, 5000, VIP, 53).withoutChecksum()).getFirst();
        assertThat(Udp.checksum(second.transport())).isZero();
        Packet answer = world.receive(
                        LAN, udp(SERVER_1, 5353, LIP, query.localPort()).payload("me"))
                .getFirst();
        assertThat(answer.source()).isEqualTo(VIP + ":53");
        assertThat(answer.destination()).isEqualTo(CLIENT + ":5000");
        assertThat(answer.isSound()).isTrue();
        assertThat(world.states()).isEqualTo("UDP_NORM");
        world.pass(299);
        assertThat(world.states()).isEqualTo("UDP_NORM");
        assertThat(world.pass(3)).isEmpty();
        assertThat(world.states()).isEmpty();
    }

    @Test
    void anUnresolvedNextHopIsTheStacksBusiness() {
        world.neighbours.remove(Address.parse(SERVER_1));
        assertThat(world.receive(WAN, fromClient(40000, Tcp.SYN))).isEmpty();
        assertThat(world.waiting).hasSize(1);
        assertThat(world.waiting.getFirst().destination()).isEqualTo(SERVER_1 + ":80");
        assertThat(world.waiting.getFirst().isSound()).isTrue();
        world.neighbours.put(Address.parse(SERVER_1), 0x0200_0000_0d01L);
        world.neighbourGeneration++;
        assertThat(world.receive(WAN, fromClient(40000, Tcp.SYN)).getFirst().destinationMac())
                .isEqualTo(0x0200_0000_0d01L);
    }

    @Test
    void aNeighboursNewMacAddressIsUsedAtOnce() {
        establish(world, 40000);
        world.neighbours.put(Address.parse(SERVER_1), 0x0200_0000_0d01L);
        world.neighbourGeneration++;
        assertThat(world.receive(WAN, fromClient(40000, Tcp.ACK)).getFirst().destinationMac())
                .isEqualTo(0x0200_0000_0d01L);
    }

    @Test
    void withoutARouteThePacketIsCounted() {
        establish(world, 40000);
        world.network(network -> network.withoutRoutes(network.devices().get(LAN)));
        world.network(network -> network.withoutRoutes(network.devices().get(WAN)));
        assertThat(world.receive(WAN, fromClient(40000, Tcp.ACK), fromClient(40001, Tcp.SYN)))
                .isEmpty();
        assertThat(world.dropped()).isEqualTo(Map.of(DropReason.NO_ROUTE, 2L));
    }

    @Test
    void everythingElseIsTheStacks() {
        world.receive(WAN, PacketBuilder.echo(CLIENT, VIP, 1, 1));
        world.receive(WAN, tcp(CLIENT, 1, VIP, 81).flags(Tcp.SYN));
        world.receive(LAN, tcp(SERVER_1, 1, LIP, 2000).flags(Tcp.ACK));
        world.receive(WAN, tcp(CLIENT, 1, "10.9.9.9", 80).flags(Tcp.SYN));
        assertThat(world.localFrames)
                .extracting(FrameKind::kind)
                .containsExactly(FrameKind.ICMP4, FrameKind.TCP4, FrameKind.TCP4, FrameKind.TCP4);
    }

    @Test
    void takesLocalAddressesInTurn() {
        World many = World.web();
        for (int i = 1; i <= 3; i++) {
            many.lanAddress(World.address(LIP) + i);
        }
        many.services(change -> {
            for (int i = 1; i <= 3; i++) {
                change.addLocalAddress(World.WEB, World.address(LIP) + i, LAN);
            }
            return change;
        });
        Map<String, Integer> used = new TreeMap<>();
        for (int port = 1; port <= 1000; port++) {
            Packet syn = many.receive(WAN, fromClient(port, Tcp.SYN)).getFirst();
            used.merge(syn.source().split(":")[0] + " " + syn.destination(), 1, Integer::sum);
        }
        // Two servers and four local addresses in turn: all eight pairs occur only because the turn skips now and then.
        assertThat(used)
                .hasSize(8)
                .allSatisfy((pair, count) -> assertThat(count).isBetween(40, 250));
    }

    @Test
    void aLocalAddressThatDrainsKeepsItsConnectionsAndGetsNoNewOnes() throws NetworkException {
        Packet syn = world.receive(WAN, fromClient(40000, Tcp.SYN)).getFirst();
        Device lan = world.context.network.device("dpdk0");
        world.network(network -> network.withDraining(Map.of(Address.ofIpv4(World.address(LIP)), lan)));
        String local = syn.source();
        Packet answer = world.receive(
                        LAN,
                        tcp(syn.destination().split(":")[0], 80, LIP, Integer.parseInt(local.split(":")[1]))
                                .flags(Tcp.SYN | Tcp.ACK))
                .getFirst();
        assertThat(answer.destination()).isEqualTo(CLIENT + ":40000");
        assertThat(world.receive(WAN, fromClient(40001, Tcp.SYN))).isEmpty();
        assertThat(world.dropped()).isEqualTo(Map.of(DropReason.NO_LOCAL_ADDRESS, 1L));
    }

    @Test
    void countsWhenEveryLocalPortIsTaken() {
        World world = new World(66_000, 0, 4, Timeouts.DEFAULT);
        world.services(change -> change.addService(World.WEB, ServiceSettings.of("rr"))
                .addServer(World.WEB, new ServerEndpoint(World.address(SERVER_1), 80), ServerSettings.weight(1))
                .addLocalAddress(World.WEB, World.address(LIP), LAN));
        world.recording = false;
        int ports = world.balancer.connections().localPorts().count();
        assertThat(ports).isEqualTo(16_127);
        for (int client = 0; client < ports + 4; client++) {
            PacketBuilder packet = tcp(0x0b00_0000 + client, 1024, World.address(VIP), 80);
            world.receive(WAN, packet.flags(Tcp.SYN).sequence(1));
            int localPort = Tcp.sourcePort(world.lastSent + Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH);
            world.receive(
                    LAN,
                    fromServer(SERVER_1, localPort, Tcp.SYN | Tcp.ACK)
                            .sequence(500)
                            .acknowledgement(2));
            world.receive(WAN, packet.flags(Tcp.ACK).sequence(2).acknowledgement(501));
        }
        assertThat(world.balancer.connections().size()).isEqualTo(ports);
        assertThat(world.dropped()).isEqualTo(Map.of(DropReason.NO_LOCAL_PORT, 4L, DropReason.NOT_SYN, 4L));
        assertThat(world.balancer.connections().localPorts().misses(0)).isEqualTo(4);
        assertThat(world.balancer.halfOpenEvicted()).isZero();
    }

    @Test
    void aNewConnectionTakesTheLocalPortOfTheOldestHalfOpenOne() {
        World world = new World(66_000, 0, 4, Timeouts.DEFAULT);
        world.services(change -> change.addService(World.WEB, ServiceSettings.of("rr"))
                .addServer(World.WEB, new ServerEndpoint(World.address(SERVER_1), 80), ServerSettings.weight(1))
                .addLocalAddress(World.WEB, World.address(LIP), LAN));
        world.recording = false;
        int ports = world.balancer.connections().localPorts().count();
        int[] taken = new int[ports + 100];
        for (int client = 0; client < taken.length; client++) {
            world.receive(
                    WAN, tcp(0x0b00_0000 + client, 1024, World.address(VIP), 80).flags(Tcp.SYN));
            taken[client] = Tcp.sourcePort(world.lastSent + Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH);
        }
        assertThat(world.dropped()).isEmpty();
        assertThat(world.balancer.connections().size()).isEqualTo(ports);
        assertThat(world.balancer.halfOpenEvicted()).isEqualTo(100);
        assertThat(Arrays.copyOfRange(taken, ports, ports + 100)).isEqualTo(Arrays.copyOf(taken, 100));
    }

    @Test
    void leavesFramesForOthersAndForGroupsToTheStack() {
        establish(world, 40000);
        for (long mac : new long[] {0x0200_0000_7777L, Ethernet.BROADCAST}) {
            byte[] frame =
                    fromClient(40000, Tcp.ACK).macs(mac, 0x0200_0000_0001L).toBytes();
            Burst burst = new Burst();
            long address = world.zeroed(64 + frame.length) + 64;
            Memory.copyIn(frame, 0, address, frame.length);
            burst.add(address, frame.length);
            assertThat(world.receive(WAN, burst)).isEmpty();
        }
        assertThat(world.localFrames).hasSize(2);
    }
}

package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.CLIENT;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.port.DropReason;
import jdpvs.port.FlowHash;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;

/** Fragments go the way of the packet that they make. */
class FragmentsTest {
    private static final int PAYLOAD = 20_000;

    private final World world = new World().dnsService();

    @Test
    void aDatagramInFragmentsIsForwardedBothWays() {
        List<PacketBuilder> request = fragments(datagram(CLIENT, 1000), 7);
        Collections.reverse(request);
        List<Packet> sent = receive(world, WAN, request);
        assertThat(sent).hasSize(1);
        Packet toServer = sent.getFirst();
        assertThat(toServer.destination()).isEqualTo(SERVER_1 + ":5353");
        assertThat(toServer.isSound()).isTrue();
        assertThat(toServer.payload()).hasSize(PAYLOAD);

        List<Packet> back = receive(
                world,
                LAN,
                fragments(
                        PacketBuilder.udp(SERVER_1, 5353, LIP, toServer.localPort())
                                .payload(PAYLOAD),
                        9));
        assertThat(back).singleElement().satisfies(packet -> {
            assertThat(packet.source()).isEqualTo(VIP + ":53");
            assertThat(packet.destination()).isEqualTo(CLIENT + ":1000");
            assertThat(packet.isSound()).isTrue();
            assertThat(packet.payload()).hasSize(PAYLOAD);
        });
        assertThat(world.dropped()).isEmpty();
    }

    @Test
    void manyClientsWithOneIdentificationGetAsManyOfOurs() {
        List<List<PacketBuilder>> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clients.add(fragments(datagram("172.16.1." + (i + 1), 1000), 7));
        }
        List<Packet> sent = new ArrayList<>();
        int pieces = clients.getFirst().size();
        for (int piece = pieces - 1; piece >= 0; piece--) {
            for (List<PacketBuilder> client : clients) {
                world.context.nowMillis++;
                sent.addAll(world.receive(WAN, client.get(piece)));
            }
        }
        assertThat(sent).hasSize(50).allMatch(Packet::isSound);
        Set<Integer> identifications = new HashSet<>();
        sent.forEach(packet -> identifications.add(Ipv4.identification(packet.ip())));
        assertThat(identifications).hasSize(50);
    }

    @Test
    void aTcpSegmentInFragmentsTravelsOnItsConnection() {
        World web = World.web();
        FullNatTest.establish(web, 40_000);
        List<Packet> sent = receive(
                web,
                WAN,
                fragments(
                        FullNatTest.fromClient(40_000, Tcp.ACK)
                                .sequence(101)
                                .acknowledgement(501)
                                .payload(1300),
                        3,
                        552));
        assertThat(sent).singleElement().satisfies(packet -> {
            assertThat(packet.isSound()).isTrue();
            assertThat(packet.payload()).hasSize(1300);
        });
    }

    /** RFC 1858: the first fragment ends within the TCP header; put together, the packet is judged like any other. */
    @Test
    void aTinyFirstFragmentDeceivesNobody() {
        World web = World.web();
        assertThat(receive(
                        web,
                        WAN,
                        fragments(FullNatTest.fromClient(40_000, Tcp.SYN).payload(100), 3, 8)))
                .hasSize(1);
        assertThat(receive(
                        web,
                        WAN,
                        fragments(FullNatTest.fromClient(40_001, Tcp.ACK).payload(100), 3, 8)))
                .isEmpty();
        assertThat(web.dropped()).isEqualTo(Map.of(DropReason.NOT_SYN, 1L));
    }

    @Test
    void aLongPingIsTheStacksInOnePiece() {
        receive(world, WAN, fragments(PacketBuilder.echo(CLIENT, VIP, 1, 1).payload(8000), 5));
        assertThat(world.localFrames).extracting(FrameKind::kind).containsExactly(FrameKind.ICMP4);
    }

    @Test
    void fragmentsForOthersAreTheStacksAsTheyAre() {
        receive(
                world,
                WAN,
                fragments(PacketBuilder.udp(CLIENT, 1, "10.9.9.9", 2).payload(3000), 5));
        assertThat(world.localFrames)
                .hasSize(3)
                .allSatisfy(kind -> assertThat(FrameKind.kind(kind)).isEqualTo(FrameKind.FRAGMENT4));
    }

    @Test
    void repliesOfOtherWorkersConnectionsAreHandedOverWhole() {
        World second = new World(1024, 1, 2, Timeouts.DEFAULT).dnsService();
        receive(
                second,
                LAN,
                fragments(PacketBuilder.udp(SERVER_1, 5353, LIP, 2000).payload(PAYLOAD), 9));
        assertThat(second.handedOver).isEqualTo(Map.of(0, 1));
    }

    /** What a client sends in fragments must not open a second connection beside that of its other packets. */
    @Test
    void aClientsDatagramGoesToTheWorkerOfItsFlow() {
        World first = new World(1024, 0, 2, Timeouts.DEFAULT).dnsService();
        int mine = 0;
        for (int port = 1000; port < 1040; port++) {
            PacketBuilder datagram = datagram(CLIENT, port);
            long frame = datagram.allocate(java.lang.foreign.Arena.ofAuto());
            boolean own =
                    FlowHash.ofFlow(frame + Ethernet.LENGTH, frame + Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH, 2) == 0;
            assertThat(receive(first, WAN, fragments(datagram, port))).hasSize(own ? 1 : 0);
            mine += own ? 1 : 0;
        }
        assertThat(mine).isBetween(1, 39);
        assertThat(first.handedOver).isEqualTo(Map.of(1, 40 - mine));
        assertThat(first.balancer.connections().size()).isEqualTo(mine);
        assertThat(first.dropped()).isEmpty();
    }

    @Test
    void afterFiveSecondsTheFragmentsOfALossAreDropped() {
        List<PacketBuilder> request = fragments(datagram(CLIENT, 1000), 7);
        receive(world, WAN, request.subList(1, request.size()));
        world.pass(6);
        assertThat(world.dropped()).isEqualTo(Map.of(DropReason.FRAGMENT_TIMEOUT, request.size() - 1L));
    }

    private static PacketBuilder datagram(String client, int port) {
        return PacketBuilder.udp(client, port, VIP, 53).payload(PAYLOAD);
    }

    private static List<Packet> receive(World world, int device, List<PacketBuilder> packets) {
        world.context.nowMillis++;
        return world.receive(device, packets.toArray(PacketBuilder[]::new));
    }

    private static List<PacketBuilder> fragments(PacketBuilder packet, int identification) {
        return fragments(packet, identification, 1480);
    }

    private static List<PacketBuilder> fragments(PacketBuilder packet, int identification, int bytes) {
        byte[] frame = packet.toBytes();
        byte[] payload = Arrays.copyOfRange(frame, Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH, frame.length);
        List<PacketBuilder> fragments = new ArrayList<>();
        for (int at = 0; at < payload.length; at += bytes) {
            int end = Math.min(payload.length, at + bytes);
            fragments.add(PacketBuilder.ipv4(frame[23], address(frame, 26), address(frame, 30))
                    .identification(identification)
                    .payload(Arrays.copyOfRange(payload, at, end))
                    .fragment(at / 8 | (end < payload.length ? Ipv4.MORE_FRAGMENTS : 0)));
        }
        return fragments;
    }

    private static int address(byte[] frame, int at) {
        return Ipv4Address.parse((frame[at] & 0xff) + "." + (frame[at + 1] & 0xff) + "." + (frame[at + 2] & 0xff) + "."
                + (frame[at + 3] & 0xff));
    }
}

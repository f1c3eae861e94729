package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.CLIENT;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.function.IntConsumer;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.Allocation;
import jdpvs.port.Burst;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the steady state neither a packet nor a connection allocates a byte on the heap. */
class AllocationTest {

    private final Arena arena = Arena.ofAuto();
    private final World world = new World(4096, 0, 1, Timeouts.DEFAULT).webService();
    private final Burst burst = new Burst();

    /** A frame that is written afresh from its first form before every use. */
    private final class Frame {
        private final World world;
        private final long original;
        private final long frame;
        private final int length;

        Frame(int device, PacketBuilder packet) {
            this(AllocationTest.this.world, device, packet);
        }

        Frame(World world, int device, PacketBuilder packet) {
            this.world = world;
            packet.macs(device == WAN ? World.WAN_MAC : World.LAN_MAC, 0x0200_0000_0001L);
            original = packet.allocate(arena);
            length = packet.length();
            frame = arena.allocate(64 + length, 64).address() + 64;
        }

        void receive(int device) {
            Memory.copy(original - 10, frame - 10, 10 + length);
            burst.count = 0;
            burst.add(frame, length);
            world.balancer.process(burst, device);
        }
    }

    private static void assertNothingAllocated(int rounds, IntConsumer action) {
        for (int i = 0; i < rounds; i++) {
            action.accept(i);
        }
        long least = Long.MAX_VALUE;
        // The compiler's own work may fall into one measurement; it does not fall into all.
        for (int attempt = 0; attempt < 5; attempt++) {
            long before = Allocation.bytes();
            for (int i = 0; i < rounds; i++) {
                action.accept(i);
            }
            least = Math.min(least, Allocation.bytes() - before);
        }
        assertThat(least).isZero();
    }

    @Test
    void establishedPacketsAllocateNothing() {
        int localPort = FullNatTest.establish(world, 40000);
        world.recording = false;
        Frame in = new Frame(
                WAN,
                PacketBuilder.tcp(CLIENT, 40000, VIP, 80).acknowledgement(600).payload(10));
        Frame out = new Frame(LAN, PacketBuilder.tcp(SERVER_1, 80, LIP, localPort));
        assertNothingAllocated(20_000, i -> {
            in.receive(WAN);
            out.receive(LAN);
            world.balancer.tick();
        });
    }

    @ParameterizedTest
    @EnumSource
    void packetsOfEveryFamilyAllocateNothing(Way way) {
        World families = way.world();
        int localPort = way.establish(families).localPort();
        Packet query = families.receive(WAN, way.datagram()).getFirst();
        families.recording = false;
        Frame in = new Frame(
                families, WAN, way.fromClient(Tcp.ACK).acknowledgement(600).payload(10));
        Frame out = new Frame(families, LAN, way.fromServer(localPort, Tcp.ACK));
        Frame datagram = new Frame(families, WAN, way.datagram().payload(50));
        Frame answer = new Frame(families, LAN, way.answer(query.localPort()).payload(50));
        assertNothingAllocated(20_000, i -> {
            in.receive(WAN);
            out.receive(LAN);
            datagram.receive(WAN);
            answer.receive(LAN);
            families.balancer.tick();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "v2-insecure"})
    void proxyHeadersAllocateNothing(String mode) {
        Way way = Way.SIX;
        World proxied = ProxyStreamTest.world(way, mode);
        proxied.recording = false;
        Frame syn = new Frame(proxied, WAN, way.fromClient(Tcp.SYN).sequence(0));
        Frame synAck = new Frame(
                proxied,
                LAN,
                way.fromServer(1025, Tcp.SYN | Tcp.ACK).sequence(500).acknowledgement(1));
        Frame ack = new Frame(proxied, WAN, way.fromClient(Tcp.ACK).sequence(1).acknowledgement(501));
        Frame data = new Frame(
                proxied,
                WAN,
                way.fromClient(Tcp.ACK)
                        .sequence(1)
                        .acknowledgement(501)
                        .payload("PROXY TCP6 2001:db8::6 2001:db8::7 1 2\r\nGET /"));
        Frame reset = new Frame(
                proxied, WAN, way.fromClient(Tcp.RST | Tcp.ACK).sequence(46).acknowledgement(501));
        assertNothingAllocated(5_000, i -> {
            syn.receive(WAN);
            int port = Tcp.sourcePort(proxied.lastSent + Ethernet.LENGTH + Ipv6.LENGTH);
            int sequence = Tcp.sequence(proxied.lastSent + Ethernet.LENGTH + Ipv6.LENGTH);
            Tcp.setDestinationPort(synAck.original + Ethernet.LENGTH + Ipv6.LENGTH, port);
            Tcp.setAcknowledgement(synAck.original + Ethernet.LENGTH + Ipv6.LENGTH, sequence + 1);
            synAck.receive(LAN);
            ack.receive(WAN);
            data.receive(WAN);
            data.receive(WAN);
            reset.receive(WAN);
            proxied.context.nowMillis += 10;
            proxied.balancer.tick();
        });
        assertThat(proxied.balancer.addedFrames()).isPositive();
    }

    @Test
    void comingAndGoingConnectionsAllocateNothing() {
        world.recording = false;
        Frame syn = new Frame(WAN, PacketBuilder.tcp(CLIENT, 40000, VIP, 80).flags(Tcp.SYN));
        Frame ack = new Frame(
                WAN,
                PacketBuilder.tcp(CLIENT, 40000, VIP, 80).acknowledgement(501).payload(5));
        Frame fin = new Frame(
                WAN,
                PacketBuilder.tcp(CLIENT, 40000, VIP, 80)
                        .flags(Tcp.FIN | Tcp.ACK)
                        .acknowledgement(501));
        Frame synAck = new Frame(
                LAN,
                PacketBuilder.tcp(SERVER_1, 80, LIP, 1)
                        .flags(Tcp.SYN | Tcp.ACK)
                        .sequence(500)
                        .option(2, 5, 0xb4));
        long[] clients = {0};
        assertNothingAllocated(5_000, i -> {
            int client = 0x0b00_0000 + (int) (clients[0]++ % 1000);
            rename(syn, client, 12);
            rename(ack, client, 12);
            rename(fin, client, 12);
            syn.receive(WAN);
            long sent = world.lastSent + Ethernet.LENGTH;
            rename(synAck, Ipv4.destination(sent), 12);
            Tcp.setDestinationPort(synAck.original + 34, Tcp.sourcePort(sent + 20));
            Tcp.setAcknowledgement(synAck.original + 34, Tcp.sequence(sent + 20) + 1);
            Tcp.setAcknowledgement(synAck.original + 34, Tcp.sequence(sent + 20) + 1);
            synAck.receive(LAN);
            ack.receive(WAN);
            fin.receive(WAN);
            world.context.nowMillis += 20;
            world.balancer.tick();
        });
        assertThat(world.dropped()).isEmpty();
        assertThat(world.balancer.connections().size()).isBetween(300, 600);
        assertThat(world.counters.connectionsCreated(world.serverId(SERVER_1))).isEqualTo(15_000);
    }

    private static void rename(Frame frame, int address, int offset) {
        long ip = frame.original + Ethernet.LENGTH;
        Memory.putIntNet(ip + offset, address);
        Ipv4.setChecksum(ip, jdpvs.wire.Checksum.ipv4Header(ip));
    }
}

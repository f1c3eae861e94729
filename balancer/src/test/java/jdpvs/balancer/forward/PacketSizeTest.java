package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.FullNatTest.establish;
import static jdpvs.balancer.forward.FullNatTest.fromClient;
import static jdpvs.balancer.forward.FullNatTest.fromServer;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import jdpvs.port.DropReason;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MTU, segmentation and what the statistics make of them. */
class PacketSizeTest {
    private static final int CWR = 0x80;

    private final World world = World.web();

    /** Half a connection: the next packets of the client's carry its address. */
    private int shake() {
        Packet syn = world.receive(WAN, fromClient(40000, Tcp.SYN)).getFirst();
        world.receive(
                LAN,
                fromServer(SERVER_1, syn.localPort(), Tcp.SYN | Tcp.ACK)
                        .sequence(500)
                        .acknowledgement(Tcp.sequence(syn.transport()) + 1));
        world.receive(WAN, data());
        return syn.localPort();
    }

    private static PacketBuilder data() {
        return fromClient(40000, Tcp.ACK).sequence(1001).acknowledgement(501);
    }

    @ParameterizedTest
    @CsvSource({
        // established, payload, segment size (0 = one packet), error
        "true, 1460, 0, ''",
        "true, 1461, 0, 3/4 1500",
        "true, 20000, 1460, ''",
        "true, 20000, 1461, 3/4 1500",
        "true, 1000, 9000, ''",
        "false, 1461, 0, 3/4 1492",
        "false, 20000, 1461, 3/4 1492",
    })
    void tellsTheSenderWhatIsTooBig(boolean established, int payload, int segment, String error) {
        if (established) {
            establish(world, 40000);
        } else {
            shake();
        }
        long packets = world.counters.packetsIn(world.serverId(SERVER_1));
        PacketBuilder packet = fromClient(40000, Tcp.ACK).sequence(101).acknowledgement(established ? 502 : 501);
        packet.payload(payload);
        if (segment != 0) {
            packet.segmentSize(segment);
        }
        List<Packet> sent = world.receive(WAN, packet);
        if (error.isEmpty()) {
            assertThat(sent).hasSize(1).allMatch(Packet::isSound);
            assertThat(world.errors).isEmpty();
            assertThat(world.dropped()).isEmpty();
        } else {
            assertThat(sent).isEmpty();
            assertThat(world.errors).containsExactly(error);
            assertThat(world.dropped()).isEqualTo(Map.of(DropReason.TOO_BIG, 1L));
            assertThat(world.counters.packetsIn(world.serverId(SERVER_1))).isEqualTo(packets);
        }
    }

    @Test
    void whatMayBeFragmentedIsTheStacksToFragment() {
        int localPort = establish(world, 40000);
        Packet whole = world.receive(
                        LAN,
                        fromServer(SERVER_1, localPort, Tcp.ACK)
                                .sequence(502)
                                .payload(3000)
                                .fragment(0))
                .getFirst();
        assertThat(whole.totalLength()).isEqualTo(3040);
        Packet segmented = world.receive(
                        LAN,
                        fromServer(SERVER_1, localPort, Tcp.ACK)
                                .sequence(502)
                                .payload(9000)
                                .segmentSize(3000)
                                .fragment(0))
                .getFirst();
        assertThat(VirtioNetHeader.segmentSize(segmented.frame())).isEqualTo(1460);
        assertThat(world.errors).isEmpty();
        assertThat(world.dropped()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // payload, segment size, packets, bytes
        "1000, 0, 1, 1040",
        "1000, 1460, 1, 1040",
        "1460, 1460, 1, 1500",
        "1461, 1460, 2, 1541",
        "14600, 1460, 10, 15000",
        "14601, 1460, 11, 15041",
    })
    void countsWhatTheWireCarries(int payload, int segment, int packets, int bytes) {
        int localPort = establish(world, 40000);
        int server = world.serverId(SERVER_1);
        long packetsOut = world.counters.packetsOut(server);
        long bytesOut = world.counters.bytesOut(server);
        long packetsIn = world.counters.packetsIn(server);
        long bytesIn = world.counters.bytesIn(server);
        PacketBuilder out =
                fromServer(SERVER_1, localPort, Tcp.ACK).sequence(502).payload(payload);
        PacketBuilder in =
                fromClient(40000, Tcp.ACK).sequence(101).acknowledgement(502).payload(payload);
        if (segment != 0) {
            out.segmentSize(segment);
            in.segmentSize(segment);
        }
        world.receive(LAN, out);
        world.receive(WAN, in);
        assertThat(world.counters.packetsOut(server) - packetsOut).isEqualTo(packets);
        assertThat(world.counters.bytesOut(server) - bytesOut).isEqualTo(bytes);
        assertThat(world.counters.packetsIn(server) - packetsIn).isEqualTo(packets);
        assertThat(world.counters.bytesIn(server) - bytesIn).isEqualTo(bytes);
    }

    @Test
    void splitSegmentsAreTheSameStream() {
        Random random = new Random(64);
        shake();
        for (int round = 0; round < 300; round++) {
            boolean segmented = random.nextBoolean();
            int headers = 40 + 12 * random.nextInt(2);
            int total = segmented ? 65_535 - random.nextInt(8) : 1500 - random.nextInt(8);
            byte[] payload = new byte[total - headers];
            random.nextBytes(payload);
            int sequence = random.nextInt();
            PacketBuilder packet = fromClient(40000, Tcp.ACK | Tcp.PSH | CWR)
                    .sequence(sequence)
                    .acknowledgement(501)
                    .payload(payload);
            if (headers > 40) {
                packet.options(new byte[] {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2});
            }
            if (segmented) {
                packet.segmentSize(1 + random.nextInt(1400));
            } else if (random.nextBoolean()) {
                packet.partialChecksum();
            }
            List<Packet> parts = world.receive(WAN, packet);
            assertThat(parts).hasSize(2).allMatch(Packet::isSound);
            Packet first = parts.get(0);
            Packet second = parts.get(1);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (Packet part : parts) {
                stream.writeBytes(part.payload());
                assertThat(part.options()).startsWith(254, 8, 0x9c, 0x40, 172, 16, 0, 1);
                assertThat(part.length()).isEqualTo(14 + part.totalLength());
                int size = VirtioNetHeader.gsoType(part.frame()) == VirtioNetHeader.GSO_NONE
                        ? part.totalLength()
                        : 20 + Tcp.headerLength(part.transport()) + VirtioNetHeader.segmentSize(part.frame());
                assertThat(size).isLessThanOrEqualTo(1500);
            }
            assertThat(stream.toByteArray()).isEqualTo(payload);
            assertThat(Tcp.sequence(second.transport()) - Tcp.sequence(first.transport()))
                    .isEqualTo(first.payload().length);
            assertThat(first.flags()).isEqualTo(Tcp.ACK | CWR);
            assertThat(second.flags()).isEqualTo(Tcp.ACK | Tcp.PSH);
        }
        assertThat(world.balancer.segmentsSplit()).isEqualTo(300);
    }

    @Test
    void aDamagedSegmentStaysDamaged() {
        shake();
        byte[] payload = new byte[1460];
        PacketBuilder packet = data().payload(payload);
        packet.macs(World.WAN_MAC, 0x0200_0000_0001L);
        jdpvs.port.Burst burst = new jdpvs.port.Burst();
        long frame = world.zeroed(2048) + 64;
        burst.add(frame, packet.writeWithHeader(frame));
        Memory.putByte(frame + 1000, 1);
        List<Packet> sent = world.receive(WAN, burst);
        assertThat(sent).hasSize(1).noneMatch(Packet::isSound);
        assertThat(world.balancer.optionsWithoutRoom()).isEqualTo(1);
    }

    @Test
    void packetsThatMayBeFragmentedGetIdentificationsOfOurs() {
        establish(world, 40000);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            Packet sent = world.receive(
                            WAN,
                            fromClient(40000, Tcp.ACK)
                                    .acknowledgement(502)
                                    .identification(4711)
                                    .fragment(0)
                                    .payload(5))
                    .getFirst();
            assertThat(sent.isSound()).isTrue();
            assertThat(seen.add(Ipv4.identification(sent.ip()))).isTrue();
        }
        Packet whole = world.receive(
                        WAN, fromClient(40000, Tcp.ACK).acknowledgement(502).identification(4711))
                .getFirst();
        assertThat(Ipv4.identification(whole.ip())).isEqualTo(4711);
    }
}

package jdpvs.stack;

import static jdpvs.stack.StackFixture.CLIENT;
import static jdpvs.stack.StackFixture.CLIENT6;
import static jdpvs.stack.StackFixture.CLIENT_MAC;
import static jdpvs.stack.StackFixture.LAN_MAC;
import static jdpvs.stack.StackFixture.LIP;
import static jdpvs.stack.StackFixture.SERVER;
import static jdpvs.stack.StackFixture.SERVER6;
import static jdpvs.stack.StackFixture.SERVER_MAC;
import static jdpvs.stack.StackFixture.VIP;
import static jdpvs.stack.StackFixture.VIP6;
import static jdpvs.stack.StackFixture.WAN_MAC;
import static jdpvs.stack.StackFixture.arpReply;
import static jdpvs.stack.StackFixture.arpRequest;
import static jdpvs.stack.StackFixture.fromClient;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import jdpvs.port.DropReason;
import jdpvs.wire.Checksum;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.Test;

/** Drives {@link WorkerStackFuzz} with seeded inputs. */
class WorkerStackFuzzTest {
    private static final List<DropReason> REACHED = List.of(
            DropReason.TRUNCATED,
            DropReason.BAD_IP_HEADER,
            DropReason.BAD_IP_CHECKSUM,
            DropReason.BAD_IP_LENGTH,
            DropReason.BAD_TCP_HEADER,
            DropReason.BAD_UDP_HEADER,
            DropReason.BAD_ICMP_HEADER,
            DropReason.BAD_ARP,
            DropReason.BAD_NEIGHBOUR_DISCOVERY,
            DropReason.BAD_EXTENSION_HEADER,
            DropReason.OTHER_HOST,
            DropReason.UNKNOWN_PROTOCOL,
            DropReason.NOT_LOCAL,
            DropReason.TTL_EXCEEDED,
            DropReason.TOO_BIG,
            DropReason.LOCAL_PORT_CLOSED,
            DropReason.NEIGHBOUR_UNRESOLVED);

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(6);

    @Test
    void randomInputs() {
        for (int i = 0; i < 5_000; i++) {
            byte[] input = new byte[random.nextInt(120)];
            random.nextBytes(input);
            WorkerStackFuzz.fuzzerTestOneInput(input);
        }
    }

    @Test
    void mutatedFrames() {
        List<byte[]> seeds = seeds();
        for (int i = 0; i < 60_000; i++) {
            byte[] frame = seeds.get(random.nextInt(seeds.size())).clone();
            for (int n = random.nextInt(3); n > 0; n--) {
                // Lengths and addresses are where the decisions are made.
                frame[random.nextInt(Math.min(frame.length, 48))] = (byte) random.nextInt();
            }
            if (random.nextInt(3) > 0) {
                fixIpChecksum(frame);
            }
            byte[] input = new byte[frame.length + 1];
            input[0] = (byte) (random.nextInt(50) == 0 ? random.nextInt() : random.nextInt(2));
            System.arraycopy(frame, 0, input, 1, frame.length);
            WorkerStackFuzz.fuzzerTestOneInput(
                    random.nextInt(20) == 0 ? Arrays.copyOf(input, random.nextInt(input.length + 30)) : input);
        }
        // The mutations reach every decision.
        for (DropReason reason : REACHED) {
            assertThat(WorkerStackFuzz.count(reason)).as(reason.name()).isPositive();
        }
    }

    private static List<byte[]> ipv6Seeds() {
        PacketBuilder passing = fromClient(PacketBuilder.udp(CLIENT6, 1, SERVER6, 2));
        byte[] options = {Ipv4.UDP, 0, 1, 4, 0, 0, 0, 0};
        return List.of(
                fromClient(PacketBuilder.echo(CLIENT6, VIP6, 1, 1)).payload(20).toBytes(),
                passing.toBytes(),
                passing.extensions(Ipv6.HOP_BY_HOP, options).toBytes(),
                passing.ttl(1).toBytes(),
                passing.ttl(9).payload(1400).toBytes(),
                StackFixture.discovery(
                        Icmp6.NEIGHBOUR_SOLICITATION, CLIENT6, VIP6, 0, VIP6, CLIENT_MAC, CLIENT_MAC, WAN_MAC),
                StackFixture.discovery(
                        Icmp6.NEIGHBOUR_ADVERTISEMENT, CLIENT6, VIP6, -1, CLIENT6, CLIENT_MAC, CLIENT_MAC, WAN_MAC));
    }

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        seeds.addAll(ipv6Seeds());
        seeds.add(fromClient(PacketBuilder.echo(CLIENT, VIP, 1, 1)).payload(20).toBytes());
        seeds.add(fromClient(PacketBuilder.echo(CLIENT, LIP, 1, 1)).toBytes());
        seeds.add(fromClient(PacketBuilder.udp(CLIENT, 1, SERVER, 2)).ttl(2).toBytes());
        seeds.add(fromClient(PacketBuilder.udp(CLIENT, 1, SERVER, 2)).ttl(1).toBytes());
        seeds.add(fromClient(PacketBuilder.tcp(CLIENT, 1, SERVER, 2))
                .payload(1380)
                .toBytes());
        seeds.add(fromClient(PacketBuilder.tcp(CLIENT, 1, VIP, 2)).toBytes());
        seeds.add(fromClient(PacketBuilder.udp(CLIENT, 1, VIP, 2))
                .fragment(0x2000)
                .toBytes());
        seeds.add(arpRequest(CLIENT_MAC, CLIENT, VIP));
        seeds.add(arpRequest(SERVER_MAC, SERVER, LIP));
        seeds.add(arpReply(SERVER_MAC, SERVER, LAN_MAC, LIP));
        seeds.add(arpReply(CLIENT_MAC, StackFixture.ip("10.0.0.254"), WAN_MAC, VIP));
        return seeds;
    }

    private static void fixIpChecksum(byte[] frame) {
        int header = (frame[14] & 0xf) * 4;
        if (frame[12] != 8 || frame[13] != 0 || header < Ipv4.MINIMUM_LENGTH || 14 + header > frame.length) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            long ip = arena.allocate(60).address();
            Memory.copyIn(frame, 14, ip, header);
            int checksum = Checksum.ipv4Header(ip);
            frame[24] = (byte) (checksum >>> 8);
            frame[25] = (byte) checksum;
        }
    }
}

package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;

/** Whatever a packet carries, after the rewrite its checksums are those of a packet built from scratch. */
class ChecksumPropertyTest {
    private final Random random = new Random(1624);

    @Test
    void rewrittenPacketsAreSound() {
        World world = World.web().dnsService();
        for (int flow = 0; flow < 400; flow++) {
            int client = 0x0b00_0000 | random.nextInt(1 << 24);
            int clientPort = 1 + random.nextInt(65535);
            boolean udp = random.nextInt(3) == 0;
            PacketBuilder first = udp
                    ? PacketBuilder.udp(client, clientPort, World.address(VIP), 53)
                    : PacketBuilder.tcp(client, clientPort, World.address(VIP), 80)
                            .flags(Tcp.SYN);
            Packet opened = check(world, WAN, first);
            int server = jdpvs.wire.Ipv4.destination(opened.ip());
            int serverPort = Tcp.destinationPort(opened.transport());
            int isn = random.nextInt();
            if (!udp) {
                check(
                        world,
                        LAN,
                        PacketBuilder.tcp(server, serverPort, World.address(LIP), opened.localPort())
                                .flags(Tcp.SYN | Tcp.ACK)
                                .sequence(isn)
                                .acknowledgement(Tcp.sequence(opened.transport()) + 1));
            }
            for (int packet = 0; packet < 12; packet++) {
                boolean outbound = random.nextBoolean();
                int from = outbound ? server : client;
                int fromPort = outbound ? serverPort : clientPort;
                int to = World.address(outbound ? LIP : VIP);
                int toPort = outbound ? opened.localPort() : udp ? 53 : 80;
                PacketBuilder builder = udp
                        ? PacketBuilder.udp(from, fromPort, to, toPort)
                        : PacketBuilder.tcp(from, fromPort, to, toPort)
                                .acknowledgement(packet < 4 ? isn + 1 : isn + packet);
                check(world, outbound ? LAN : WAN, builder);
            }
        }
        assertThat(world.dropped()).isEmpty();
    }

    private Packet check(World world, int device, PacketBuilder packet) {
        byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(1300) : random.nextInt(9)];
        random.nextBytes(payload);
        packet.payload(payload);
        switch (random.nextInt(4)) {
            case 0 -> packet.partialChecksum();
            case 1 -> packet.withoutChecksum();
            default -> {}
        }
        if (random.nextInt(3) == 0) {
            byte[] ipOptions = new byte[4 * random.nextInt(1, 11)];
            java.util.Arrays.fill(ipOptions, (byte) 1);
            packet.ipOptions(ipOptions);
        }
        byte[] options = new byte[random.nextInt(41)];
        random.nextBytes(options);
        packet.options(options);
        Packet sent = world.receive(device, packet).getFirst();
        assertThat(sent.isSound()).isTrue();
        assertThat(sent.payload()).isEqualTo(payload);
        assertThat(Memory.getByte(sent.ip() + 8)).isEqualTo(64);
        return sent;
    }
}

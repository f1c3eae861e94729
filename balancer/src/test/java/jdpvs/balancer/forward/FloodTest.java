package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.FullNatTest.establish;
import static jdpvs.balancer.forward.FullNatTest.fromClient;
import static jdpvs.balancer.forward.World.CLIENT;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static jdpvs.wire.PacketBuilder.tcp;
import static jdpvs.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.port.DropReason;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;

/** Forged senders fill no more than their share, and nobody who is real loses a connection to them. */
class FloodTest {
    private final World world =
            new World(64, 0, 1, Timeouts.DEFAULT).webService().dnsService();

    private void floodTcp(int from, int count) {
        for (int i = from; i < from + count; i++) {
            world.receive(
                    WAN, tcp(0x0b00_0000 + i, 1024, World.address(VIP), 80).flags(Tcp.SYN));
        }
    }

    @Test
    void halfOpenConnectionsHaveTheirShareAndTheOldestGoesFirst() {
        for (int port = 1; port <= 20; port++) {
            establish(world, port);
        }
        floodTcp(0, 1000);
        assertThat(world.balancer.connections().size()).isEqualTo(20 + 32);
        assertThat(world.balancer.connections().halfOpen()).isEqualTo(32);
        assertThat(world.balancer.halfOpenEvicted()).isEqualTo(1000 - 32);
        assertThat(world.dropped()).isEmpty();
        for (int port = 1; port <= 20; port++) {
            assertThat(world.receive(WAN, fromClient(port, Tcp.ACK))).hasSize(1);
        }
        int[] oldest = {Integer.MAX_VALUE};
        world.balancer.connections().forEach(connection -> {
            if (connection.clientAddress().ipv4() >>> 24 == 0x0b) {
                oldest[0] = Math.min(oldest[0], connection.clientAddress().ipv4() - 0x0b00_0000);
            }
            return true;
        });
        assertThat(oldest[0]).isEqualTo(1000 - 32);
        establish(world, 100);
        assertThat(world.receive(WAN, fromClient(100, Tcp.ACK))).hasSize(1);
    }

    @Test
    void whatWasResetDoesNotWidenTheShare() {
        for (int port = 1; port <= 20; port++) {
            establish(world, port);
        }
        floodTcp(0, 100);
        for (int port = 1; port <= 20; port++) {
            world.receive(WAN, fromClient(port, Tcp.RST).sequence(101));
        }
        assertThat(world.states()).contains("TCP_CLOSE");
        floodTcp(1000, 100);
        assertThat(world.balancer.connections().halfOpen()).isLessThanOrEqualTo(32);
        assertThat(world.balancer.connections().size()).isLessThanOrEqualTo(32);
    }

    @Test
    void aTableFullOfEstablishedConnectionsRefuses() {
        for (int port = 1; port <= 64; port++) {
            establish(world, port);
        }
        floodTcp(0, 100);
        assertThat(world.dropped()).isEqualTo(Map.of(DropReason.CONNECTION_TABLE_FULL, 100L));
        assertThat(world.balancer.connections().halfOpen()).isZero();
        assertThat(world.balancer.halfOpenEvicted()).isZero();
    }

    private int ask(int client) {
        Packet query = world.receive(
                        WAN, udp(client, 5000, World.address(VIP), 53).payload(20))
                .getFirst();
        return query.localPort();
    }

    private void answer(int localPort) {
        assertThat(world.receive(
                        LAN,
                        udp(World.address(SERVER_1), 5353, World.address(LIP), localPort)
                                .payload(30)))
                .hasSize(1);
    }

    @Test
    void anAnsweredForgedSenderIsStillInItsShare() {
        int real = World.address(CLIENT);
        answer(ask(real));
        assertThat(world.balancer.connections().halfOpen()).isEqualTo(1);
        // The client has got the answer: it speaks again.
        ask(real);
        assertThat(world.balancer.connections().halfOpen()).isZero();
        for (int i = 0; i < 500; i++) {
            answer(ask(0x0b00_0000 + i));
        }
        assertThat(world.balancer.connections().halfOpen()).isEqualTo(32);
        assertThat(world.balancer.connections().size()).isEqualTo(33);
        assertThat(world.dropped()).isEmpty();
        boolean[] kept = new boolean[1];
        world.balancer.connections().forEach(connection -> {
            kept[0] |= connection.clientAddress().ipv4() == real;
            return true;
        });
        assertThat(kept[0]).isTrue();
    }

    @Test
    void unprovenUdpEndsInItsTime() {
        answer(ask(1 << 24 | 1));
        world.pass(299);
        assertThat(world.states()).isEqualTo("UDP_NORM");
        world.pass(2);
        assertThat(world.states()).isEmpty();
        int port = ask(1 << 24 | 2);
        answer(port);
        ask(1 << 24 | 2);
        world.pass(299);
        assertThat(world.states()).isEqualTo("UDP_NORM");
        world.pass(2);
        assertThat(world.states()).isEmpty();
    }
}

package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.FullNatTest.establish;
import static jdpvs.balancer.forward.FullNatTest.fromClient;
import static jdpvs.balancer.forward.FullNatTest.fromServer;
import static jdpvs.balancer.forward.World.CLIENT;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.port.DropReason;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;

/** Silent connections end in time, and both ends of an established one are told. */
class ExpiryTest {
    private final World world = World.web();

    @Test
    void resetsBothEndsOfAnIdleEstablishedConnection() {
        int localPort = establish(world, 40000);
        Packet forwarded = world.receive(
                        WAN, fromClient(40000, Tcp.ACK).sequence(7000).acknowledgement(9000))
                .getFirst();
        int serverCounts = Tcp.sequence(forwarded.transport());
        assertThat(serverCounts).isNotEqualTo(7000);
        world.receive(
                LAN, fromServer(SERVER_1, localPort, Tcp.ACK).sequence(9000).acknowledgement(serverCounts));

        assertThat(world.pass(90)).isEmpty();
        List<Packet> resets = world.pass(1);

        assertThat(resets).hasSize(2).allMatch(Packet::isSound).allMatch(p -> p.flags() == (Tcp.RST | Tcp.ACK));
        Packet toServer = resets.get(0);
        assertThat(toServer.source()).isEqualTo(LIP + ":" + localPort);
        assertThat(toServer.destination()).isEqualTo(SERVER_1 + ":80");
        assertThat(toServer.device()).isEqualTo(LAN);
        assertThat(Tcp.sequence(toServer.transport())).isEqualTo(serverCounts);
        assertThat(Tcp.acknowledgement(toServer.transport())).isEqualTo(9000);
        Packet toClient = resets.get(1);
        assertThat(toClient.source()).isEqualTo(VIP + ":80");
        assertThat(toClient.destination()).isEqualTo(CLIENT + ":40000");
        assertThat(Tcp.sequence(toClient.transport())).isEqualTo(9000);
        assertThat(Tcp.acknowledgement(toClient.transport()))
                .as("in the client's own numbers")
                .isEqualTo(7000);
        assertThat(world.states()).isEmpty();
        assertThat(world.counters.active(world.serverId(SERVER_1))).isZero();
    }

    @Test
    void packetsKeepAConnectionAlive() {
        establish(world, 40000);
        for (int i = 0; i < 5; i++) {
            assertThat(world.pass(80)).isEmpty();
            world.receive(WAN, fromClient(40000, Tcp.ACK));
        }
        assertThat(world.states()).isEqualTo("TCP_EST");
        assertThat(world.pass(91)).hasSize(2);
    }

    @Test
    void aServicesOwnTimeoutReplacesTheGlobalOne() {
        world.services(
                change -> change.editService(World.WEB, ServiceSettings.of("rr").withConnectionTimeout(10)));
        establish(world, 40000);
        assertThat(world.pass(9)).isEmpty();
        assertThat(world.states()).isEqualTo("TCP_EST");
        assertThat(world.pass(2)).hasSize(2);
    }

    @Test
    void aLongTimeoutSurvivesTurnsOfTheWheel() {
        world.services(
                change -> change.editService(World.WEB, ServiceSettings.of("rr").withConnectionTimeout(3000)));
        establish(world, 40000);
        assertThat(world.pass(2999)).isEmpty();
        assertThat(world.pass(2)).hasSize(2);
    }

    @Test
    void halfOpenConnectionsEndQuietly() {
        world.receive(WAN, fromClient(40000, Tcp.SYN));
        world.pass(29);
        assertThat(world.states()).isEqualTo("SYN_RECV");
        assertThat(world.pass(2)).isEmpty();
        assertThat(world.states()).isEmpty();
    }

    @Test
    void expiryIsSpreadWhenBuffersAreShortAndNothingIsForgotten() {
        World small = new World(4096, 0, 1, Timeouts.DEFAULT).webService();
        for (int port = 1; port <= 3000; port++) {
            establish(small, port);
        }
        assertThat(small.balancer.connections().size()).isEqualTo(3000);
        List<Packet> resets = new ArrayList<>(small.pass(91));
        while (small.balancer.connections().size() > 0) {
            List<Packet> more = small.tick(10);
            assertThat(more).hasSizeLessThanOrEqualTo(64);
            resets.addAll(more);
        }
        assertThat(resets).hasSize(6000);
        assertThat(small.dropped()).isEmpty();
    }

    @Test
    void withoutAnyBufferConnectionsStillEnd() {
        world.buffers = 1;
        establish(world, 40000);
        assertThat(world.pass(91)).isEmpty();
        assertThat(world.states()).isEmpty();
        assertThat(world.dropped()).isEqualTo(Map.of(DropReason.BUFFERS_EXHAUSTED, 1L));
    }

    @Test
    void aLeapOfTheClockEndsWhatIsOverdue() {
        establish(world, 40000);
        assertThat(world.tick(40L * 24 * 3600 * 1000 % (1L << 30))).hasSize(2);
        establish(world, 40001);
        assertThat(world.states()).isEqualTo("TCP_EST");
    }
}

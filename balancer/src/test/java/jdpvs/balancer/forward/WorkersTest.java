package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.FullNatTest.fromClient;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import jdpvs.balancer.connection.Timeouts;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several workers share a local address by the low bits of its ports. */
class WorkersTest {
    @ParameterizedTest
    @CsvSource({"0, 1, 0", "0, 2, 1", "1, 2, 1", "0, 3, 3", "2, 3, 3", "3, 4, 3"})
    void choosesItsOwnPorts(int worker, int workers, int mask) {
        World world = new World(1024, worker, workers, Timeouts.DEFAULT).webService();
        for (int port = 1; port <= 200; port++) {
            Packet syn = world.receive(WAN, fromClient(port, Tcp.SYN)).getFirst();
            assertThat(syn.localPort() & mask).isEqualTo(worker);
            assertThat(syn.localPort()).isBetween(1025, 65535);
        }
    }

    @Test
    void handsRepliesOfOthersOver() {
        World world = new World(1024, 0, 3, Timeouts.DEFAULT).webService();
        for (int port : new int[] {2001, 2002, 2005}) {
            world.receive(LAN, PacketBuilder.tcp(SERVER_1, 80, LIP, port));
        }
        assertThat(world.handedOver).containsOnlyKeys(1, 2).containsEntry(1, 2);
        // Its own, and those that no worker owns, are the stack's.
        world.receive(LAN, PacketBuilder.tcp(SERVER_1, 80, LIP, 2000), PacketBuilder.tcp(SERVER_1, 80, LIP, 2003));
        assertThat(world.localFrames).hasSize(2);
        assertThat(world.sent).isEmpty();
    }
}

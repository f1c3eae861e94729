package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static jdpvs.wire.PacketBuilder.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.port.DropReason;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;

/** A table of 8,192 connections: 4,096 may be half-open, and the gate closes at 2,048 of them while more than 1,024 SYNs come in 128 ms. */
class SynGateTest {
    private static final int CLOSES_AT = 2048;
    private final World world = new World(8192, 0, 1, Timeouts.DEFAULT).webService();
    private int forged;

    private void flood(int count) {
        for (int i = 0; i < count; i++) {
            world.receive(WAN, syn(0x0b00_0000 + forged++));
        }
    }

    private static PacketBuilder syn(int client) {
        return tcp(client, 1024, World.address(VIP), 80).flags(Tcp.SYN).sequence(client * 31);
    }

    private long refused() {
        return world.dropped().getOrDefault(DropReason.SYN_FLOOD, 0L);
    }

    @Test
    void whoRepeatsItsSynGetsThroughAndWhoDoesNotWaitsOutside() {
        flood(CLOSES_AT + 5000);
        assertThat(world.balancer.isSynFlood()).isTrue();
        assertThat(world.balancer.connections().halfOpen()).isBetween(CLOSES_AT, CLOSES_AT + 10);
        assertThat(refused()).isBetween(4990L, 5000L);
        assertThat(world.balancer.halfOpenEvicted()).isZero();
        int real = 0x0a01_0101;
        assertThat(world.receive(WAN, syn(real))).isEmpty();
        for (int tenth = 0; tenth < 10; tenth++) {
            world.tick(100);
            flood(3000);
        }
        assertThat(world.receive(WAN, syn(real))).hasSize(1);
        // Other numbers are another attempt, which has not been seen.
        assertThat(world.receive(WAN, syn(real + 1).sequence(1))).isEmpty();
        assertThat(world.receive(WAN, syn(real + 1).sequence(2))).isEmpty();
    }

    @Test
    void opensAsSoonAsTheFloodIsOver() {
        flood(CLOSES_AT + 5000);
        assertThat(world.receive(WAN, syn(1 << 24 | 1))).isEmpty();
        world.tick(300);
        assertThat(world.receive(WAN, syn(1 << 24 | 2))).hasSize(1);
        assertThat(world.balancer.isSynFlood()).isFalse();
    }

    @Test
    void aSynIsForgottenAfterTwoSpans() {
        int real = 0x0a01_0101;
        flood(CLOSES_AT + 2000);
        assertThat(world.receive(WAN, syn(real))).isEmpty();
        for (int second = 0; second < 9; second++) {
            world.pass(1);
            flood(CLOSES_AT + 2000);
        }
        assertThat(world.receive(WAN, syn(real))).isEmpty();
    }

    @Test
    void manyClientsAreNoFloodWhileFewAreHalfOpen() {
        for (int i = 0; i < 20_000; i++) {
            FullNatTest.establish(world, 1 + i % 60_000);
            if (i % 4000 == 3999) {
                world.pass(1000);
            }
        }
        assertThat(world.dropped()).isEqualTo(Map.of());
    }

    @Test
    void letsEverySynThroughWhenToldTo() {
        world.balancer.takeEverySyn();
        flood(10_000);
        assertThat(refused()).isZero();
        assertThat(world.balancer.halfOpenEvicted()).isEqualTo(10_000 - 4096);
    }
}

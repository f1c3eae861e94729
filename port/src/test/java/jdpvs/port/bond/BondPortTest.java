package jdpvs.port.bond;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.LinkState;
import jdpvs.port.Port;
import jdpvs.port.memory.FrameRecorder;
import jdpvs.port.memory.FrameScript;
import jdpvs.port.memory.MemoryPort;
import jdpvs.port.memory.MemoryQueue;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which slaves of a bond send and receive, in the modes that look at carriers alone. */
class BondPortTest {
    private static final LinkState UP = new LinkState(true, 10_000, true, true);
    private static final LinkState DOWN = new LinkState(false, 10_000, true, true);
    private static final int SLAVES = 3;

    private final Arena arena = Arena.ofAuto();
    private final List<FrameScript> incoming = new ArrayList<>();
    private final List<FrameRecorder> sent = new ArrayList<>();
    private final List<MemoryPort> slaves = new ArrayList<>();
    private final Burst burst = new Burst();
    private long nowMillis = 1000;

    BondPortTest() {
        for (int slave = 0; slave < SLAVES; slave++) {
            incoming.add(new FrameScript());
            sent.add(new FrameRecorder());
            MemoryQueue queue =
                    new MemoryQueue(new FrameBuffers(Burst.CAPACITY, 2048), incoming.getLast(), sent.getLast());
            slaves.add(new MemoryPort("dpdk" + slave, 0x0200_0000_0a00L + slave, 1500 - slave, List.of(queue)));
            slaves.getLast().setLink(UP);
        }
    }

    @AfterEach
    void close() {
        slaves.forEach(MemoryPort::close);
    }

    private BondPort bond(BondOptions options) {
        BondPort bond = new BondPort("bond1", options, List.<Port>copyOf(slaves));
        bond.tick(nowMillis);
        return bond;
    }

    private void tick(BondPort bond, long millis) {
        for (long passed = 0; passed < millis; passed += 10) {
            nowMillis += 10;
            bond.tick(nowMillis);
        }
    }

    private void send(BondPort bond, int frames, boolean oneFlow) {
        for (int i = 0; i < frames; i++) {
            PacketBuilder packet = PacketBuilder.udp("10.0.0.1", oneFlow ? 5 : 1000 + i, "10.0.0.2", 53);
            burst.add(packet.allocate(arena), packet.length());
        }
        bond.queue(0).transmit(burst);
        assertThat(burst.count).isZero();
    }

    private List<Integer> sentBySlave() {
        return sent.stream().map(each -> each.drain().size()).toList();
    }

    @Test
    void inTurn() {
        BondPort bond = bond(BondOptions.of(BondMode.ROUND_ROBIN, 0));
        send(bond, 30, true);
        assertThat(sentBySlave()).containsExactly(10, 10, 10);
        slaves.get(1).setLink(DOWN);
        tick(bond, 60);
        send(bond, 30, true);
        assertThat(sentBySlave()).containsExactly(15, 0, 15);
    }

    @Test
    void oneAtATime() {
        BondPort bond = bond(BondOptions.of(BondMode.ACTIVE_BACKUP, 1));
        send(bond, 5, false);
        assertThat(sentBySlave()).containsExactly(0, 5, 0);
        slaves.get(1).setLink(DOWN);
        tick(bond, 60);
        send(bond, 5, false);
        assertThat(sentBySlave()).containsExactly(5, 0, 0);
        assertThat(bond.moves()).isEqualTo(1);
        slaves.get(1).setLink(UP);
        tick(bond, 60);
        send(bond, 5, false);
        assertThat(sentBySlave()).as("the primary is preferred").containsExactly(0, 5, 0);
        assertThat(bond.moves()).isEqualTo(2);
    }

    /** The other one's switch has not heard of our addresses, however long nothing could leave. */
    @Test
    void anotherWayAfterNoneIsAMove() {
        BondPort bond = bond(BondOptions.of(BondMode.ACTIVE_BACKUP, 0));
        slaves.forEach(slave -> slave.setLink(DOWN));
        tick(bond, 60);
        slaves.get(0).setLink(UP);
        tick(bond, 60);
        assertThat(bond.moves()).as("the same way again").isZero();
        slaves.get(0).setLink(DOWN);
        tick(bond, 60);
        slaves.get(1).setLink(UP);
        tick(bond, 60);
        assertThat(bond.moves()).isEqualTo(1);
    }

    @Test
    void theBackupIsNotListenedTo() {
        BondPort bond = bond(BondOptions.of(BondMode.ACTIVE_BACKUP, 0));
        incoming.get(0).add(PacketBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).toBytes());
        incoming.get(1).add(PacketBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).toBytes());
        assertThat(receivedFrames(bond)).isEqualTo(1);
        assertThat(bond.counters().receiveUnused()).isEqualTo(1);
        assertThat(bond.counters().receiveErrors()).as("nothing is wrong").isZero();
        assertThat(bond.counters().receivedPackets()).isEqualTo(2);
    }

    private int receivedFrames(BondPort bond) {
        int frames = 0;
        for (int i = 0; i < 2 * SLAVES; i++) {
            frames += bond.queue(0).receive(burst);
            bond.queue(0).release();
        }
        burst.count = 0;
        return frames;
    }

    @Test
    void allAreListenedTo() {
        BondPort bond = bond(BondOptions.of(BondMode.BALANCE_XOR, 0));
        for (FrameScript in : incoming) {
            for (int i = 0; i < 70; i++) {
                in.add(PacketBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).toBytes());
            }
        }
        assertThat(receivedFrames(bond)).isEqualTo(210);
    }

    @ParameterizedTest
    @EnumSource
    void aFlowKeepsItsSlave(TransmitPolicy policy) {
        BondPort bond = bond(BondOptions.of(BondMode.BALANCE_XOR, 0).withPolicy(policy));
        send(bond, 40, true);
        assertThat(sentBySlave()).containsOnlyOnce(40);
    }

    @Test
    void flowsAreSpread() {
        BondPort bond = bond(BondOptions.of(BondMode.BALANCE_XOR, 0));
        for (int i = 0; i < 10; i++) {
            send(bond, 60, false);
        }
        assertThat(sentBySlave()).allMatch(count -> count > 120);
        bond.set(bond.options().withPolicy(TransmitPolicy.LAYER23));
        bond.tick(nowMillis);
        send(bond, 60, false);
        assertThat(sentBySlave()).as("one pair of addresses").containsOnlyOnce(60);
    }

    @Test
    void bothDirectionsOfAFlowAndTaggedFramesGoTheSameWay() {
        for (int port = 0; port < 200; port++) {
            PacketBuilder there = PacketBuilder.tcp("2001:db8::1", port, "2001:db8::2", 80);
            PacketBuilder back = PacketBuilder.tcp("2001:db8::2", 80, "2001:db8::1", port);
            long frame = there.allocate(arena);
            int chosen = TransmitPolicy.LAYER34.choose(frame, there.length(), 7);
            assertThat(TransmitPolicy.LAYER34.choose(back.allocate(arena), back.length(), 7))
                    .isEqualTo(chosen);
            Memory.copy(frame, frame - 4, 12);
            Memory.putIntNet(frame + 8, 0x8100_0066);
            assertThat(TransmitPolicy.LAYER34.choose(frame - 4, there.length() + 4, 7))
                    .isEqualTo(chosen);
        }
    }

    @Test
    void withoutACarrierNothingLeaves() {
        slaves.forEach(slave -> slave.setLink(DOWN));
        BondPort bond = bond(BondOptions.of(BondMode.ROUND_ROBIN, 0));
        assertThat(bond.link().up()).isFalse();
        send(bond, 5, false);
        assertThat(sentBySlave()).containsExactly(0, 0, 0);
        assertThat(bond.counters().transmitErrors()).isEqualTo(5);
    }

    @Test
    void speedsAddUp() {
        BondPort bond = bond(BondOptions.of(BondMode.ROUND_ROBIN, 2));
        assertThat(bond.link()).isEqualTo(new LinkState(true, 30_000, true, true));
        assertThat(bond.macAddress()).isEqualTo(0x0200_0000_0a02L);
        assertThat(bond.mtu()).isEqualTo(1498);
        slaves.get(0).setLink(DOWN);
        tick(bond, 60);
        assertThat(bond.link().speedMegabits()).isEqualTo(20_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 300})
    void changesCountWhenTheyHaveLasted(int delay) {
        BondPort bond = bond(BondOptions.of(BondMode.ROUND_ROBIN, 0)
                .withMonitor(10)
                .withDownDelay(delay)
                .withUpDelay(delay));
        tick(bond, 400);
        slaves.get(0).setLink(DOWN);
        tick(bond, Math.max(0, delay - 20));
        assertThat(bond.status().slaves().getFirst().up()).isTrue();
        tick(bond, 40);
        assertThat(bond.status().slaves().getFirst().up()).isFalse();
        assertThat(bond.status().slaves().getFirst().losses()).isEqualTo(1);
        slaves.get(0).setLink(UP);
        tick(bond, delay + 20);
        assertThat(bond.status().slaves().getFirst().up()).isTrue();
    }

    @Test
    void whatTheKernelTellsIsLookedAtAtOnce() {
        BondPort bond = bond(BondOptions.of(BondMode.ACTIVE_BACKUP, 0).withMonitor(1000));
        slaves.get(0).setLink(DOWN);
        tick(bond, 500);
        assertThat(bond.status().slaves().getFirst().up()).isTrue();
        bond.linksChanged();
        bond.tick(nowMillis);
        assertThat(bond.status().slaves().getFirst().up()).isFalse();
        send(bond, 5, false);
        assertThat(sentBySlave()).containsExactly(0, 5, 0);
    }

    @Test
    void anotherModeBeginsAnew() {
        BondPort bond = bond(BondOptions.of(BondMode.ROUND_ROBIN, 0));
        bond.set(bond.options().withMode(BondMode.ACTIVE_BACKUP).withPrimary(2));
        tick(bond, 20);
        send(bond, 5, false);
        assertThat(sentBySlave()).containsExactly(0, 0, 5);
    }
}

package jdpvs.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.port.Burst;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.Ipv6Counters;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;

/** One worker driven cycle by cycle, with a packet path that misbehaves. */
class WorkerDefectTest {
    private final WirePort port = new WirePort("dpdk0", 1, 1);
    private final LinkFlags links = new LinkFlags(1);
    private final DropCounters drops = new DropCounters();
    private final Ipv6Counters ipv6 = new Ipv6Counters();
    private final HandoverRings rings = new HandoverRings(1);
    private final NetworkConfiguration network =
            NetworkConfiguration.of(List.of(new Device(0, "dpdk0", 1, 1500, false)));
    private final Snapshot first = new Snapshot(network, ServiceConfiguration.EMPTY, Timeouts.DEFAULT);
    private final WorkerEgress egress = new WorkerEgress(Arena.global(), List.of(port.queue(0)), links, drops, ipv6, 8);
    private final List<Snapshot> adopted = new ArrayList<>();
    private final HandoverPost post = new HandoverPost(0, rings, drops, ipv6);
    private final WorkerContext context = new WorkerContext(0, 1, egress, post, drops, network);
    private final List<Boolean> received = new ArrayList<>();
    private int ticks;

    /** Sends frames until it meets one whose first byte says that it must not live. */
    private final PacketPath path = new PacketPath() {
        @Override
        public void adopt(Snapshot snapshot) {
            adopted.add(snapshot);
        }

        @Override
        public void process(int device, Burst burst, boolean now) {
            received.add(now);
            for (int i = 0; i < burst.count; i++) {
                context.position = i;
                if (Memory.getByte(burst.address[i]) == 13) {
                    throw new IllegalStateException("poison");
                }
                egress.send(device, burst.address[i], burst.length[i]);
            }
        }

        @Override
        public void learn(int device, long high, long low, long macAddress) {
            throw new IllegalStateException("nothing to learn from");
        }

        @Override
        public void tick() {
            ticks++;
            throw new StackOverflowError("tick");
        }
    };

    private final Worker worker = worker();

    private Worker worker() {
        links.set(0, true);
        return new Worker(
                "cpu1",
                -1,
                context,
                egress,
                post,
                rings.alarm(0),
                path,
                new EventLog(),
                List.of(new Worker.Input(0, port.queue(0))),
                first);
    }

    @Test
    void aPoisonousPacketIsCountedAndTheWorkerGoesOn() throws InterruptedException {
        worker.doWork();
        long ticking = drops.get(DropReason.INTERNAL_ERROR);
        assertThat(ticks).isOne();
        assertThat(ticking).isOne();
        for (byte first : new byte[] {1, 2, 13, 3}) {
            port.receive(0, new byte[] {first, 0, 0, 0});
        }
        assertThat(worker.doWork()).isEqualTo(4);
        // The packet's, and a tick's if one was due; what came behind the packet goes its way.
        assertThat(drops.get(DropReason.INTERNAL_ERROR) - ticking).isEqualTo(ticks);
        for (byte first : new byte[] {1, 2, 3}) {
            assertThat(port.nextSent()).startsWith(first);
        }
        worker.writeLogs();
        assertThat(received)
                .as("what came behind the packet is given again, and was received before")
                .containsExactly(true, false);
    }

    /** A queue may take slots whose frames are worthless: they have to go back all the same. */
    @Test
    void aQueueWithoutFramesIsReleasedToo() {
        int before = port.released();
        worker.doWork();
        worker.doWork();
        assertThat(port.released() - before).isEqualTo(2);
    }

    /** Frames queued for a device that fails must not be sent in a later cycle, when their memory holds something else. */
    @Test
    void whatADefectiveDeviceDidNotTakeIsCountedAndForgotten() throws InterruptedException {
        worker.doWork();
        long before = drops.get(DropReason.INTERNAL_ERROR) - ticks;
        port.failing = true;
        port.receive(0, new byte[] {1, 0, 0, 0});
        port.receive(0, new byte[] {2, 0, 0, 0});
        worker.doWork();
        port.failing = false;
        assertThat(drops.get(DropReason.INTERNAL_ERROR) - ticks - before).isEqualTo(2);
        port.receive(0, new byte[] {3, 0, 0, 0});
        worker.doWork();
        assertThat(port.nextSent()).startsWith(3);
    }

    /** Received, and never to come to its worker. */
    @Test
    void whatCannotBeHandedOverIsDiscarded() {
        long frame = egress.allocate();
        post.frame(0, 0, frame, 60);
        assertThat(ipv6.get(Ipv6Counter.IN_DISCARDS)).as("IPv4").isZero();
        Memory.putByte(frame + Ethernet.LENGTH, 6 << 4);
        post.frame(0, 0, frame, 60);
        assertThat(ipv6.get(Ipv6Counter.IN_DISCARDS)).isOne();
        assertThat(drops.get(DropReason.HANDOVER_RING_FULL)).isEqualTo(2);
    }

    @Test
    void aNewSnapshotIsAdoptedOnceAndAtTheNextCycle() {
        assertThat(adopted).containsExactly(first);
        Snapshot next = first.with(network, ServiceConfiguration.EMPTY);
        worker.publish(next);
        assertThat(worker.adopted()).isSameAs(first);
        worker.doWork();
        worker.doWork();
        assertThat(adopted).hasSize(2);
        assertThat(worker.adopted()).isSameAs(next);
    }

    @Test
    void buffersComeBackWhenTheCycleEnds() {
        for (int cycle = 0; cycle < 3; cycle++) {
            for (int i = 0; i < 8; i++) {
                assertThat(egress.allocate()).isNotZero();
            }
            assertThat(egress.allocate()).isZero();
            worker.doWork();
        }
    }

    @Test
    void aFullBurstLeavesBeforeTheCycleEnds() throws InterruptedException {
        long frame = egress.allocate();
        for (int i = 0; i <= Burst.CAPACITY; i++) {
            egress.send(0, frame, 60);
        }
        assertThat(port.nextSent()).hasSize(60);
        egress.send(7, frame, 60);
        assertThat(drops.get(DropReason.LINK_DOWN)).isOne();
        assertThat(ipv6.get(Ipv6Counter.OUT_DISCARDS)).isZero();
        VirtioNetHeader.clear(frame);
        Memory.putByte(frame + Ethernet.LENGTH, 6 << 4);
        egress.send(7, frame, 60);
        assertThat(ipv6.get(Ipv6Counter.OUT_DISCARDS)).isOne();
    }
}

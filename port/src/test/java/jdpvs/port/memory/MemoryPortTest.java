package jdpvs.port.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.PortQueue;
import jdpvs.wire.Address;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;

class MemoryPortTest {
    @Test
    void framesAreWrittenAnewIntoEveryBufferInTurn() {
        try (var port = new MemoryPort(
                "dpdk0",
                0x020000000001L,
                1500,
                List.of(new MemoryQueue(
                        new FrameBuffers(100, 2048),
                        frame -> {
                            Memory.putLong(frame, 7);
                            return 60;
                        },
                        FrameSink.DISCARD)))) {
            PortQueue queue = port.queue(0);
            var burst = new Burst();
            assertThat(queue.receive(burst)).isEqualTo(64);
            long first = burst.address[0];
            assertThat(burst.address[1] - first).isGreaterThanOrEqualTo(2048 + PortQueue.HEADROOM);
            Memory.fill(first - PortQueue.HEADROOM, PortQueue.HEADROOM + 2048, -1);
            queue.transmit(burst);
            queue.release();
            queue.receive(burst);
            assertThat(burst.address[36]).as("the ring has 100 buffers").isEqualTo(first);
            assertThat(VirtioNetHeader.needsChecksum(first)).isFalse();
            assertThat(Memory.getLong(first)).isEqualTo(7);
            assertThat((burst.address[36] + 14) % 64)
                    .as("IP header at a cache line")
                    .isZero();
            assertThat(port.counters().receivedPackets()).isEqualTo(128);
            assertThat(port.counters().sentBytes()).isEqualTo(64 * 60);
        }
    }

    @Test
    void linkedPortsDeliverToTheQueueThatOwnsTheLocalPort() {
        var link = LinkedPorts.create(
                new LinkedPorts.Side("a", 1, 1500, 1, Steering.FIRST_QUEUE),
                new LinkedPorts.Side("b", 2, 1500, 2, Steering.BY_OWNER));
        try (MemoryPort a = link.first();
                MemoryPort b = link.second();
                var buffers = new FrameBuffers(8, 2048)) {
            b.own(new OwnedAddresses(Set.of(Address.ofIpv4(0x0a000002)), Set.of(Address.ofIpv4(0x0a000002)), 1));
            var burst = new Burst();
            for (int port = 0; port < 8; port++) {
                long frame = buffers.address(port);
                VirtioNetHeader.set(frame, VirtioNetHeader.NEEDS_CHECKSUM, 0, 0, 0, 34, 6);
                burst.add(frame, Frame.plain(udp(5000 + port)).bytes().length);
                Memory.copyIn(udp(5000 + port), 0, frame, burst.length[port]);
            }
            a.queue(0).transmit(burst);
            for (int queue = 0; queue < 2; queue++) {
                assertThat(b.queue(queue).receive(burst)).isEqualTo(4);
                for (int i = 0; i < 4; i++) {
                    assertThat(Memory.getShortNet(burst.address[i] + 36) & 1).isEqualTo(queue);
                    assertThat(VirtioNetHeader.checksumOffset(burst.address[i])).isEqualTo(6);
                }
                b.queue(queue).release();
            }
            b.queue(1).transmit(burst);
            assertThat(a.queue(0).receive(burst)).isEqualTo(4);
        }
    }

    @Test
    void recordersAndScriptsKeepOrder() {
        var recorder = new FrameRecorder();
        var script = new FrameScript().add(new byte[] {1}).add(new byte[] {2, 2});
        try (var port = new MemoryPort(
                "dpdk0", 1, 1500, List.of(new MemoryQueue(new FrameBuffers(64, 128), script, recorder)))) {
            var burst = new Burst();
            assertThat(port.queue(0).receive(burst)).isEqualTo(2);
            port.queue(0).transmit(burst);
            port.queue(0).release();
            assertThat(recorder.drain()).extracting(Frame::bytes).containsExactly(new byte[] {1}, new byte[] {2, 2});
            assertThat(recorder.drain()).isEmpty();
            assertThat(port.queue(0).receive(burst)).isZero();
        }
    }

    private static byte[] udp(int destinationPort) {
        return ByteBuffer.allocate(60)
                .putShort(12, (short) 0x0800)
                .put(14, (byte) 0x45)
                .put(23, (byte) 17)
                .putInt(26, 0x0a000001)
                .putInt(30, 0x0a000002)
                .putShort(34, (short) 80)
                .putShort(36, (short) destinationPort)
                .array();
    }
}

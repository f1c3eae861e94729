package jdpvs.port.packet;

import java.util.Arrays;
import jdpvs.linux.lab.Lab;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortOptions;
import jdpvs.port.Ports;
import jdpvs.port.memory.Frame;
import jdpvs.port.memory.Steering;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;

/** A port with several queues behind a link: by which of them does a frame come? */
final class SteeringLab implements AutoCloseable {
    private final Lab lab = new Lab();
    private final OwnedAddresses owned;
    private final int queues;
    private final Port from;
    private final Port to;

    SteeringLab(OwnedAddresses owned, int queues) {
        this.owned = owned;
        this.queues = queues;
        String here = lab.host("here");
        String there = lab.host("there");
        Lab.link(here, "eth0", there, "eth0");
        from = Lab.in(here, () -> Ports.open("dpdk0", "packet:eth0,exclusive", new PortOptions(1, 64, false)));
        to = Lab.in(there, () -> Ports.open("dpdk0", "packet:eth0,share", new PortOptions(queues, 256, false)));
        to.own(owned);
    }

    /** As the memory driver steers. */
    int memoryQueueOf(PacketBuilder packet) {
        try (var buffers = new FrameBuffers(1, 2048)) {
            long frame = buffers.address(0);
            return Steering.BY_OWNER.queue(frame, packet.write(frame), owned, queues);
        }
    }

    /** Sends a frame and tells by which queue the kernel lets it come. */
    int queueOf(PacketBuilder packet) {
        byte[] bytes = packet.macs(to.macAddress(), from.macAddress()).toBytes();
        try (var buffers = new FrameBuffers(1, 2048)) {
            var burst = new Burst();
            burst.add(buffers.address(0), Frame.plain(bytes).write(buffers.address(0)));
            from.queue(0).transmit(burst);
            for (int i = 0; i < 3000; i++) {
                for (int queue = 0; queue < queues; queue++) {
                    if (receive(queue, burst, bytes)) {
                        return queue;
                    }
                }
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("the frame did not arrive");
    }

    private boolean receive(int queue, Burst burst, byte[] expected) {
        burst.count = 0;
        to.queue(queue).receive(burst);
        boolean found = false;
        for (int i = 0; i < burst.count; i++) {
            byte[] bytes = new byte[burst.length[i]];
            Memory.copyOut(burst.address[i], bytes, 0, bytes.length);
            found |= Arrays.equals(bytes, expected);
        }
        to.queue(queue).release();
        return found;
    }

    @Override
    public void close() {
        from.close();
        to.close();
        lab.close();
    }
}

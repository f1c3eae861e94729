package jdpvs.port.packet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import jdpvs.linux.EventDescriptor;
import jdpvs.linux.PollSet;
import jdpvs.port.Burst;
import jdpvs.port.Port;
import jdpvs.port.PortQueue;
import jdpvs.wire.VirtioNetHeader;

/** A bridge between two ports: as little as moves frames. */
final class Forwarder implements AutoCloseable {
    final AtomicLong segments = new AtomicLong();
    final AtomicLong partialChecksums = new AtomicLong();
    final AtomicLong misplaced = new AtomicLong();

    private final EventDescriptor stop = new EventDescriptor();
    private final Thread thread;

    Forwarder(Port one, Port other) {
        thread = Thread.ofPlatform().daemon().start(() -> run(one.queue(0), other.queue(0)));
    }

    private void run(PortQueue one, PortQueue other) {
        var burst = new Burst();
        var poll = new PollSet(one.pollDescriptors()[0], other.pollDescriptors()[0], stop.descriptor());
        while (!poll.readable(2)) {
            if (pump(one, other, burst) + pump(other, one, burst) == 0) {
                poll.await(1000);
            }
        }
    }

    private int pump(PortQueue from, PortQueue to, Burst burst) {
        int count = from.receive(burst);
        for (int i = 0; i < count; i++) {
            long frame = burst.address[i];
            if (VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_TCP4 && burst.length[i] > 1514) {
                segments.incrementAndGet();
            }
            if (VirtioNetHeader.needsChecksum(frame)) {
                partialChecksums.incrementAndGet();
            }
            if (frame % 64 != 50) {
                misplaced.incrementAndGet();
            }
        }
        to.transmit(burst);
        from.release();
        return count;
    }

    @Override
    public void close() {
        stop.signal();
        if (!joined()) {
            throw new IllegalStateException("the forwarder does not stop");
        }
        stop.close();
    }

    private boolean joined() {
        try {
            return thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}

package jdpvs.daemon.worker;

import java.lang.foreign.Arena;
import java.util.List;
import jdpvs.port.Burst;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.port.PortQueue;
import jdpvs.port.Witness;
import jdpvs.stack.Egress;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.Ipv6Counters;
import org.jspecify.annotations.Nullable;

/** One worker's way out: a burst per device, sent when it is full or the cycle ends. */
final class WorkerEgress implements Egress {
    private final @Nullable PortQueue[] queues;
    private final Burst[] bursts;
    private final LinkFlags links;
    private final DropCounters drops;
    private final Ipv6Counters ipv6;
    private final FrameBuffers buffers;
    private @Nullable Witness witness;
    private @Nullable Witness copies;

    /**
     * @param queues by device id the transmit queue this worker uses, or null when it has none there
     * @param bufferCount frames that the worker may make in one cycle
     */
    WorkerEgress(
            Arena arena,
            List<@Nullable PortQueue> queues,
            LinkFlags links,
            DropCounters drops,
            Ipv6Counters ipv6,
            int bufferCount) {
        this.queues = queues.toArray(PortQueue[]::new);
        this.bursts = new Burst[queues.size()];
        for (int i = 0; i < bursts.length; i++) {
            bursts[i] = new Burst();
        }
        this.links = links;
        this.drops = drops;
        this.ipv6 = ipv6;
        this.buffers = new FrameBuffers(arena, bufferCount);
    }

    @Override
    public void send(int device, long frame, int length) {
        PortQueue queue = device >= 0 && device < queues.length ? queues[device] : null;
        if (queue == null || !links.isUp(device)) {
            drops.count(DropReason.LINK_DOWN);
            ipv6.count(Ipv6Counter.OUT_DISCARDS, frame, length);
            return;
        }
        Burst burst = bursts[device];
        if (burst.isFull()) {
            queue.transmit(burst);
        }
        burst.add(frame, length);
        if (witness != null) {
            tell(witness, device, frame, length);
        }
    }

    private void tell(Witness first, int device, long frame, int length) {
        first.sent(device, frame, length);
        if (copies != null) {
            copies.sent(device, frame, length);
        }
    }

    /** Who is told of each frame sent, or null. */
    void witness(@Nullable Witness newWitness, @Nullable Witness newCopies) {
        // One look per frame finds out that nobody wants to know.
        witness = newWitness != null ? newWitness : newCopies;
        copies = newWitness != null ? newCopies : null;
    }

    @Override
    public long allocate() {
        return buffers.allocate();
    }

    /** Sends what is queued. Frames queued so far may be reused afterwards. */
    void flush() {
        for (int i = 0; i < bursts.length; i++) {
            PortQueue queue = queues[i];
            if (bursts[i].count > 0 && queue != null) {
                queue.transmit(bursts[i]);
            }
        }
    }

    /** After a {@link #flush} that raised an exception: what is still queued is counted and forgotten, for its memory is about to be reused. */
    void abandon() {
        for (Burst burst : bursts) {
            for (; burst.count > 0; burst.count--) {
                drops.count(DropReason.INTERNAL_ERROR);
            }
        }
    }

    /** After {@link #flush}, at the end of the cycle: the worker's own buffers are free again. */
    void endCycle() {
        buffers.reset();
    }
}

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
import jdpvs.stack.VlanTable;
import jdpvs.wire.Ethernet;
import jdpvs.wire.VlanTag;
import org.jspecify.annotations.Nullable;

/** One worker's way out: a burst per device, sent when it is full or the cycle ends. */
final class WorkerEgress implements Egress {
    private final @Nullable PortQueue[] queues;
    private final Burst[] bursts;
    private final LinkFlags links;
    private final DropCounters drops;
    private final Ipv6Counters ipv6;
    private final FrameBuffers buffers;
    private final VlanCounters vlanCounters;
    private VlanTable vlans = VlanTable.EMPTY;
    private @Nullable Witness witness;
    private @Nullable Witness copies;
    private boolean copiesOnly;

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
        this.vlanCounters = new VlanCounters(this.queues.length);
    }

    /** Which VLAN devices there are from now on. */
    void adopt(VlanTable newVlans) {
        vlans = newVlans;
    }

    VlanCounters vlanCounters() {
        return vlanCounters;
    }

    @Override
    public void send(int device, long frame, int length) {
        if (device >= queues.length) {
            sendTagged(device, frame, length);
            return;
        }
        PortQueue queue = device >= 0 ? queues[device] : null;
        if (queue == null || !links.isUp(device)) {
            discard(frame, length);
            return;
        }
        queue(device, queue, frame, length);
        if (witness != null) {
            tell(witness, device, frame, length);
        }
    }

    /** By the parent's queue, in order with the parent's own frames. Its parent's link is up when a VLAN device's is. */
    private void sendTagged(int device, long frame, int length) {
        int parent = vlans.parent(device);
        PortQueue queue = parent == VlanTable.NONE ? null : queues[parent];
        if (queue == null || !links.isUp(device)) {
            discard(frame, length);
            return;
        }
        // Whoever watches the VLAN device sees its frames; what is copied to the kernel is what the parent sends.
        Witness copier = copies;
        if (witness != null) {
            if (copiesOnly) {
                copier = witness;
            } else {
                witness.sent(device, frame, length);
            }
        }
        vlanCounters.sent(device, frame, length);
        long tagged = VlanTag.putOn(frame, Ethernet.TYPE_VLAN, vlans.id(device));
        queue(parent, queue, tagged, length + VlanTag.LENGTH);
        if (copier != null) {
            copier.sent(parent, tagged, length + VlanTag.LENGTH);
        }
    }

    private void queue(int device, PortQueue queue, long frame, int length) {
        Burst burst = bursts[device];
        if (burst.isFull()) {
            queue.transmit(burst);
        }
        burst.add(frame, length);
    }

    private void discard(long frame, int length) {
        drops.count(DropReason.LINK_DOWN);
        ipv6.count(Ipv6Counter.OUT_DISCARDS, frame, length);
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
        copiesOnly = newWitness == null;
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

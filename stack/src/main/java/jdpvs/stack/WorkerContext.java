package jdpvs.stack;

import java.util.concurrent.ThreadLocalRandom;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.port.FlowHash;
import jdpvs.port.KernelFrames;
import jdpvs.port.Step;
import jdpvs.port.Witness;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.VlanTag;
import org.jspecify.annotations.Nullable;

/**
 * What every part of one worker shares. The daemon's worker sets {@link #nowMillis} and {@link #network} once per cycle; everybody else only
 * reads them.
 */
public final class WorkerContext {
    public final int index;
    public final int workers;
    public final Egress egress;
    public final Handover handover;
    public final DropCounters drops;
    public final Ipv6Counters ipv6;

    /** CLOCK_BOOTTIME in milliseconds at the start of this cycle. */
    public long nowMillis;

    /** The configuration that this cycle works with. */
    public NetworkConfiguration network;

    /**
     * Index in the burst at hand of the frame that is being forwarded; those behind it have not been changed yet, so that an exception costs
     * nobody but the frame that raised it.
     */
    public int position;

    /** By device id: the workers of its receive queues, in their order; none where queues are numbered like the workers. Set at start. */
    private int[][] queueWorkers = {};

    /** The kernel's side of the devices. Set at start. */
    public KernelSide kernel = KernelSide.NONE;

    private @Nullable Witness witness;
    private int identification = ThreadLocalRandom.current().nextInt();

    public WorkerContext(
            int index,
            int workers,
            Egress egress,
            Handover handover,
            DropCounters drops,
            NetworkConfiguration network) {
        this(index, workers, egress, handover, drops, new Ipv6Counters(), network);
    }

    /** With counters that the egress and the hand-over share. */
    public WorkerContext(
            int index,
            int workers,
            Egress egress,
            Handover handover,
            DropCounters drops,
            Ipv6Counters ipv6,
            NetworkConfiguration network) {
        this.index = index;
        this.workers = workers;
        this.egress = egress;
        this.handover = handover;
        this.drops = drops;
        this.ipv6 = ipv6;
        this.network = network;
    }

    /** Who is told what happens to packets from now on, or null; set between bursts. */
    public void witness(@Nullable Witness newWitness) {
        witness = newWitness;
        drops.witness(newWitness);
    }

    /** Sends a message of ours about the link: ARP or neighbour discovery. */
    void speak(int device, long frame, int length) {
        ipv6.spoken(frame);
        egress.send(device, frame, length);
    }

    /**
     * Leaves a frame to the kernel's interface beside the device it came in by: its {@link jdpvs.port.Port#control} queue has it already, or it is given here.
     *
     * @param frame whole and unchanged
     * @return false when the device has no such interface
     */
    boolean toKernel(Device device, long frame, int length) {
        return device.kernelSide() && (isControl(frame, length) || kernel.take(device.id(), frame, length));
    }

    /**
     * Whether a port's control queue has a frame ({@link KernelFrames}), which may have a VLAN tag. Allocates nothing.
     *
     * @param length at least that of an Ethernet header
     */
    public boolean isControl(long frame, int length) {
        if (VlanTag.isOn(frame, length)) {
            // Behind the addresses a tagged frame looks like one that begins with the tag.
            return isControlUntagged(frame + VlanTag.LENGTH, length - VlanTag.LENGTH);
        }
        return isControlUntagged(frame, length);
    }

    private boolean isControlUntagged(long frame, int length) {
        if (KernelFrames.isOfLink(frame, length)) {
            return true;
        }
        long ip = frame + Ethernet.LENGTH;
        boolean ipv6 = Ethernet.type(frame) == Ethernet.TYPE_IPV6;
        return length >= Ethernet.LENGTH + (ipv6 ? Ipv6.LENGTH : Ipv4.MINIMUM_LENGTH)
                && Ip.isIpv6(ip) == ipv6
                && network.isKernels(Ip.destinationHigh(ip), Ip.destinationLow(ip));
    }

    /** Counts a frame that nobody here has a use for: it is the kernel's where the kernel has a share of the device, else it is lost for this reason. */
    void leave(Device device, long frame, int length, DropReason otherwise) {
        boolean kernels = device.shared() || toKernel(device, frame, length);
        drops.count(kernels ? DropReason.LEFT_TO_KERNEL : otherwise);
    }

    /** Tells the witness, if there is one, of a step of the packet at hand. */
    public void step(Step step, long first, long second) {
        step(step, first, second, 0);
    }

    /** Likewise of a step with an address, which is the second and third number. */
    public void step(Step step, long first, long second, long third) {
        if (witness != null) {
            witness.step(step, first, second, third);
        }
    }

    /** Tells that a copy of the packet at hand waits at this address. */
    public void waits(long copy) {
        if (witness != null) {
            witness.waits(copy);
        }
    }

    /** Tells that a packet that waited is sent or dropped now, instead of the one at hand; {@link #resumed} follows. */
    public void waited(int device, long copy, int length) {
        if (witness != null) {
            witness.waited(device, copy, length);
        }
    }

    /** Tells that what follows is about the packet at hand again. */
    public void resumed() {
        if (witness != null) {
            witness.resumed();
        }
    }

    /**
     * An identification for an IPv4 packet that may be fragmented (RFC 6864 §4.3). Packets of many clients leave with one local address, so their senders'
     * numbers would collide; these do not: the low bits name the worker, the others count. Used up by this worker only.
     *
     * @return 16 bits
     */
    public int nextIdentification() {
        int mask = portMask();
        identification += mask + 1;
        return ((identification & ~mask) | (index & mask)) & 0xffff;
    }

    /** @param newQueueWorkers by device id: the workers of its receive queues, in their order */
    public void queueWorkers(int[][] newQueueWorkers) {
        queueWorkers = newQueueWorkers;
    }

    /**
     * The worker that gets the unfragmented packets of a client's flow from a device; those of a VLAN device come by its parent's queues.
     *
     * @param arrival id of the device
     * @param ip address of the IPv4 header of a TCP or UDP packet
     * @param transport address of its ports
     */
    public int workerOfFlow(int arrival, long ip, long transport) {
        int parent = network.vlans().parent(arrival);
        int device = parent == VlanTable.NONE ? arrival : parent;
        if (device >= 0 && device < queueWorkers.length && queueWorkers[device].length > 0) {
            int[] ofQueues = queueWorkers[device];
            return ofQueues[FlowHash.ofFlow(ip, transport, ofQueues.length)];
        }
        return FlowHash.ofFlow(ip, transport, workers);
    }

    /** Low bits of a local port that name its worker: 2^⌈log2 workers⌉ − 1. */
    public int portMask() {
        return Integer.highestOneBit(Math.max(1, workers * 2 - 1)) - 1;
    }
}

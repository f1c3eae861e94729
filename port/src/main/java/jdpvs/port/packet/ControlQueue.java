package jdpvs.port.packet;

import jdpvs.linux.Sockets;
import jdpvs.linux.bpf.Program;
import jdpvs.port.Burst;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;
import jdpvs.wire.slow.SlowProtocol;

/**
 * What {@link jdpvs.port.Port#control} answers: two rings beside those of the workers. LACP has one to itself, for without it a bond ends after three seconds: whoever floods an address of the
 * kernel's, or the link with ARP, fills the other.
 *
 * <pre>
 *  taps of all frames ──→ {@link ControlCode} ─────────────→ others ──┐
 *  TC ingress                                                          ├── in turn
 *  taps of 0x8809 ──────→ {@link SlowProtocolCode#filter} ──→ slow ────┘
 * </pre>
 *
 * The second kind of tap costs other frames nothing, but comes behind TC, which therefore must let that type pass.
 */
final class ControlQueue implements PortQueue, AutoCloseable {
    /** Frames of slow protocols that are held, one block; a partner sends a few a second. */
    private static final int SLOW_SLOTS = 15;

    /** Other frames that are held, in eight blocks: more than a control thread that wakes every 20 ms lets wait. */
    static final int OTHER_SLOTS = 120;

    private final PacketQueue slow;
    private final PacketQueue others;
    private PacketQueue lent;

    private ControlQueue(PacketQueue slow, PacketQueue others) {
        this.slow = slow;
        this.others = others;
        this.lent = others;
    }

    static long memoryBytes() {
        return ReceiveRing.memoryBytes(SLOW_SLOTS) + ReceiveRing.memoryBytes(OTHER_SLOTS);
    }

    /** @param kernels the kernel's addresses */
    static ControlQueue open(int interfaceIndex, AddressMap kernels) {
        PacketQueue others = PacketQueue.openControl(interfaceIndex, OTHER_SLOTS);
        try {
            PacketQueue slow = PacketQueue.open(interfaceIndex, SLOW_SLOTS);
            ControlQueue queue = new ControlQueue(slow, others);
            try {
                queue.bind(interfaceIndex, kernels);
                return queue;
            } catch (RuntimeException e) {
                slow.close();
                throw e;
            }
        } catch (RuntimeException e) {
            others.close();
            throw e;
        }
    }

    private void bind(int interfaceIndex, AddressMap kernels) {
        try (Program filter = Programs.slowFilter()) {
            filter.attachToSocket(slow.receiveSocket());
        }
        Sockets.bindPacket(slow.receiveSocket(), interfaceIndex, SlowProtocol.TYPE);
        try (Program filter = Programs.controlFilter(kernels.map())) {
            filter.attachToSocket(others.receiveSocket());
        }
        Sockets.bindPacket(others.receiveSocket(), interfaceIndex, PacketSockets.ETH_P_ALL);
        // The kernel's groups are joined on another interface, of which this one knows nothing.
        PacketSockets.setAllMulticast(others.receiveSocket(), interfaceIndex, true);
    }

    @Override
    public int receive(Burst burst) {
        lent = other();
        int count = lent.receive(burst);
        if (count > 0) {
            return count;
        }
        lent.release();
        lent = other();
        return lent.receive(burst);
    }

    @SuppressWarnings("ReferenceEquality")
    private PacketQueue other() {
        return lent == slow ? others : slow;
    }

    @Override
    public void release() {
        lent.release();
    }

    @Override
    public void transmit(Burst burst) {
        others.transmit(burst);
    }

    @Override
    public PortCounters counters() {
        return slow.counters().plus(others.counters());
    }

    @Override
    public int[] pollDescriptors() {
        return new int[] {slow.receiveSocket(), others.receiveSocket()};
    }

    @Override
    public void close() {
        slow.close();
        others.close();
    }
}

package jdpvs.port.packet;

import jdpvs.linux.Sockets;
import jdpvs.linux.bpf.Program;
import jdpvs.port.Burst;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;

/**
 * What {@link jdpvs.port.Port#control} answers: a ring beside those of the workers, of which every kind of frame has a share, so that a flood fills its own only ({@link ControlShare}) and
 * LACP, VRRP and routing live on.
 *
 * <pre>
 *  tap of all frames ──→ {@link ControlCode}: whose share? ──→ is there room in it? ──→ ring ──→ reader
 *                                                         └── {@link ShareCounts} ←── empty ──┘
 * </pre>
 *
 * Shares and not rings, for every ring has a tap that the workers' frames would pass too, and even one tap with several rings (a fan-out group) has them run two programs for one: 60 ns a frame.
 */
final class ControlQueue implements PortQueue, AutoCloseable {
    /** Slots in eleven blocks: the shares, and some for processors that let in a share's last frame at once. */
    static final int SLOTS = 165;

    private final PacketQueue queue;
    private final ShareCounts shares;
    private boolean emptied;
    private boolean closed;
    private long refused;

    private ControlQueue(PacketQueue queue, ShareCounts shares) {
        this.queue = queue;
        this.shares = shares;
    }

    static long memoryBytes() {
        return ReceiveRing.memoryBytes(SLOTS);
    }

    /** @param kernels the kernel's addresses */
    static ControlQueue open(int interfaceIndex, AddressMap kernels) {
        ShareCounts shares = new ShareCounts();
        try {
            PacketQueue queue = PacketQueue.openControl(interfaceIndex, SLOTS);
            try (Program filter = Programs.controlFilter(kernels.map(), shares.map())) {
                filter.attachToSocket(queue.receiveSocket());
                Sockets.bindPacket(queue.receiveSocket(), interfaceIndex, PacketSockets.ETH_P_ALL);
                // The kernel's groups are joined on another interface, of which this one knows nothing.
                PacketSockets.setAllMulticast(queue.receiveSocket(), interfaceIndex, true);
                return new ControlQueue(queue, shares);
            } catch (RuntimeException e) {
                queue.close();
                throw e;
            }
        } catch (RuntimeException e) {
            shares.close();
            throw e;
        }
    }

    ShareCounts shares() {
        return shares;
    }

    @Override
    public int receive(Burst burst) {
        shares.look();
        int count = queue.receive(burst);
        if (count == 0) {
            shares.giveBack();
        }
        // Those of a burst are there until it is released.
        emptied = count < Burst.CAPACITY;
        return count;
    }

    @Override
    public void release() {
        queue.release();
        if (emptied) {
            emptied = false;
            shares.giveBack();
        }
    }

    @Override
    public void transmit(Burst burst) {
        queue.transmit(burst);
    }

    /** Any thread. */
    @Override
    public PortCounters counters() {
        return queue.counters(refused());
    }

    private synchronized long refused() {
        if (!closed) {
            refused = shares.refused();
        }
        return refused;
    }

    @Override
    public int[] pollDescriptors() {
        return queue.pollDescriptors();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            refused = shares.refused();
            closed = true;
            queue.close();
            shares.close();
        }
    }
}

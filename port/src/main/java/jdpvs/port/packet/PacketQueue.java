package jdpvs.port.packet;

import jdpvs.port.Burst;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;
import jdpvs.port.QueueCounters;

/** One ring and one transmit socket. */
final class PacketQueue implements PortQueue, AutoCloseable {
    private final QueueCounters counters;
    private final ReceiveRing ring;
    private final Transmitter transmitter;
    private long lost;

    private PacketQueue(QueueCounters counters, ReceiveRing ring, Transmitter transmitter) {
        this.counters = counters;
        this.ring = ring;
        this.transmitter = transmitter;
    }

    /** Made for {@link jdpvs.port.Port#control}: what it sends goes first. */
    static PacketQueue openControl(int interfaceIndex, int slots) {
        PacketQueue queue = open(interfaceIndex, slots);
        try {
            PacketSockets.sendFirst(queue.transmitter.socket());
            return queue;
        } catch (RuntimeException e) {
            queue.close();
            throw e;
        }
    }

    static PacketQueue open(int interfaceIndex, int slots) {
        var counters = new QueueCounters();
        ReceiveRing ring = ReceiveRing.open(slots, counters);
        try {
            return new PacketQueue(counters, ring, Transmitter.open(interfaceIndex, counters));
        } catch (RuntimeException e) {
            ring.close();
            throw e;
        }
    }

    int receiveSocket() {
        return ring.socket();
    }

    @Override
    public int receive(Burst burst) {
        return ring.receive(burst);
    }

    @Override
    public void release() {
        ring.release();
    }

    @Override
    public void transmit(Burst burst) {
        if (burst.count > 0) {
            transmitter.send(burst);
        }
    }

    @Override
    public int[] pollDescriptors() {
        return new int[] {ring.socket()};
    }

    @Override
    public PortCounters counters() {
        return counters(0);
    }

    /**
     * Any thread; the kernel forgets what it has told, hence the lock and the sum.
     *
     * @param more frames that were lost before the ring
     */
    synchronized PortCounters counters(long more) {
        lost += Integer.toUnsignedLong(PacketSockets.takeLost(ring.socket()));
        return counters.read(lost + more);
    }

    @Override
    public void close() {
        ring.close();
        transmitter.close();
    }
}

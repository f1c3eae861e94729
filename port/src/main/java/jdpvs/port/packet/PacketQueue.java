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

    private PacketQueue(QueueCounters counters, ReceiveRing ring, Transmitter transmitter) {
        this.counters = counters;
        this.ring = ring;
        this.transmitter = transmitter;
    }

    static PacketQueue open(int interfaceIndex, int slots) {
        var counters = new QueueCounters();
        ReceiveRing ring = ReceiveRing.open(RingShape.whole(slots), counters);
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
        return counters.read(ring.lost());
    }

    @Override
    public void close() {
        ring.close();
        transmitter.close();
    }
}

package jdpvs.bench;

import jdpvs.linux.Mapping;
import jdpvs.port.Burst;
import jdpvs.port.PortQueue;
import jdpvs.wire.Memory;

/** A queue in memory: what it receives is written anew, packet by packet, into 8,192 buffers in turn; what it sends is looked at and counted. */
final class RigQueue implements PortQueue {
    private static final int BUFFERS = 8192;
    private static final int BUFFER_BYTES = 2048;

    private final Traffic traffic;
    private final Mapping memory = Mapping.anonymous((long) BUFFERS * BUFFER_BYTES, true);
    private int next;
    private long sentPackets;
    private long sentSum;

    RigQueue(Traffic traffic) {
        this.traffic = traffic;
    }

    @Override
    public int receive(Burst burst) {
        for (int i = 0; i < Burst.CAPACITY; i++) {
            // Neighbouring buffers must not share cache sets: real drivers stagger them too.
            long frame = memory.address() + (long) next * BUFFER_BYTES + HEADROOM + 64L * (next & 7);
            next = (next + 1) & (BUFFERS - 1);
            traffic.write(frame);
            burst.address[i] = frame;
            burst.length[i] = Traffic.FRAME_BYTES;
        }
        burst.count = Burst.CAPACITY;
        return Burst.CAPACITY;
    }

    @Override
    public void release() {}

    @Override
    public void transmit(Burst burst) {
        for (int i = 0; i < burst.count; i++) {
            sentSum += Memory.getLong(burst.address[i]);
        }
        sentPackets += burst.count;
        burst.count = 0;
    }

    @Override
    public int pollDescriptor() {
        return -1;
    }

    long sentPackets() {
        return sentPackets;
    }

    /** Of the first eight bytes of every frame; keeps the compiler from leaving the look out. */
    long sentSum() {
        return sentSum;
    }

    void close() {
        memory.close();
        traffic.close();
    }
}

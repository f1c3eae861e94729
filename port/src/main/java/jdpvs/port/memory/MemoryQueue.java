package jdpvs.port.memory;

import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;
import jdpvs.port.QueueCounters;
import jdpvs.wire.Segmentation;
import jdpvs.wire.VirtioNetHeader;

/**
 * Receives frames that a source writes anew into the next of many buffers, as a network card would, and gives what is sent to a sink. A frame
 * costs a call of the source, the clearing of ten bytes, and nothing else.
 */
public final class MemoryQueue implements PortQueue {
    private final FrameBuffers buffers;
    private final FrameSource source;
    private final FrameSink sink;
    private final QueueCounters counters = new QueueCounters();
    private int next;

    /**
     * @param buffers used in turn; more than {@link Burst#CAPACITY} of them, and many more where the cost of memory shall show
     */
    public MemoryQueue(FrameBuffers buffers, FrameSource source, FrameSink sink) {
        if (buffers.count() < Burst.CAPACITY) {
            throw new IllegalArgumentException("a queue needs a buffer for every frame of a burst");
        }
        this.buffers = buffers;
        this.source = source;
        this.sink = sink;
    }

    @Override
    public int receive(Burst burst) {
        int packets = 0;
        long bytes = 0;
        int count = 0;
        int index = next;
        while (count < Burst.CAPACITY) {
            long frame = buffers.address(index);
            VirtioNetHeader.clear(frame);
            int length = source.write(frame);
            if (length == 0) {
                break;
            }
            burst.address[count] = frame;
            burst.length[count++] = length;
            packets += Segmentation.packets(frame, length);
            bytes += Segmentation.wireBytes(frame, length);
            if (++index == buffers.count()) {
                index = 0;
            }
        }
        next = index;
        burst.count = count;
        if (count > 0) {
            counters.received(packets, bytes);
        }
        return count;
    }

    @Override
    public void release() {}

    @Override
    public void transmit(Burst burst) {
        int count = burst.count;
        if (count == 0) {
            return;
        }
        int packets = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            packets += Segmentation.packets(burst.address[i], burst.length[i]);
            bytes += Segmentation.wireBytes(burst.address[i], burst.length[i]);
        }
        sink.take(burst);
        burst.count = 0;
        counters.sent(packets, bytes);
    }

    @Override
    public int[] pollDescriptors() {
        return new int[0];
    }

    @Override
    public PortCounters counters() {
        return counters.read(0);
    }

    void close() {
        buffers.close();
    }
}

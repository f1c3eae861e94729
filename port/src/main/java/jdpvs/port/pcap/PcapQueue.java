package jdpvs.port.pcap;

import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.PortCounters;
import jdpvs.port.PortException;
import jdpvs.port.PortQueue;
import jdpvs.port.QueueCounters;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;
import org.jspecify.annotations.Nullable;

/** Frames of a capture file have full checksums and are no segments, as far as anyone knows. */
final class PcapQueue implements PortQueue {
    private final @Nullable PcapWriter writer;
    private final FrameBuffers buffers;
    private final QueueCounters counters = new QueueCounters();
    private @Nullable PcapReader reader;

    PcapQueue(@Nullable PcapReader reader, @Nullable PcapWriter writer, FrameBuffers buffers) {
        this.reader = reader;
        this.writer = writer;
        this.buffers = buffers;
    }

    @Override
    public int receive(Burst burst) {
        burst.count = 0;
        long bytes = 0;
        PcapReader source = reader;
        while (source != null && !burst.isFull()) {
            int length;
            try {
                length = source.next();
            } catch (PortException changedWhileRead) {
                counters.receiveErrors(1);
                length = -1;
            }
            if (length < 0) {
                reader = null;
                break;
            }
            long frame = buffers.address(burst.count);
            VirtioNetHeader.clear(frame);
            Memory.copyIn(source.frame(), 0, frame, length);
            burst.add(frame, length);
            bytes += length;
        }
        if (burst.count > 0) {
            counters.received(burst.count, bytes);
        }
        return burst.count;
    }

    @Override
    public void release() {}

    @Override
    public void transmit(Burst burst) {
        int count = burst.count;
        if (count == 0) {
            return;
        }
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += burst.length[i];
        }
        if (writer == null || writer.write(burst)) {
            counters.sent(count, bytes);
        } else {
            counters.transmitErrors(count);
        }
        burst.count = 0;
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

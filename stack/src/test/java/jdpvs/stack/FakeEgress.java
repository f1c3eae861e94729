package jdpvs.stack;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import jdpvs.port.PortQueue;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;

/** Keeps copies of what is sent; buffers return to the pool at {@link #endCycle}. */
final class FakeEgress implements Egress {
    /** A frame and the ten bytes before it. */
    static final class Sent {
        final int device;
        final byte[] header = new byte[VirtioNetHeader.LENGTH];
        final byte[] frame;

        Sent(int device, long address, int length) {
            this.device = device;
            this.frame = new byte[length];
            Memory.copyOut(address - VirtioNetHeader.LENGTH, header, 0, header.length);
            Memory.copyOut(address, frame, 0, length);
        }
    }

    private static final int BUFFERS = 64;
    private static final int STRIDE = PortQueue.HEADROOM + 2048;

    final List<Sent> sent = new ArrayList<>();
    long sentCount;
    boolean recording = true;
    boolean exhausted;
    private final long buffers = Arena.global().allocate(BUFFERS * STRIDE, 64).address();
    private int used;

    @Override
    public void send(int device, long frame, int length) {
        sentCount++;
        if (recording) {
            sent.add(new Sent(device, frame, length));
        }
    }

    @Override
    public long allocate() {
        if (exhausted || used == BUFFERS) {
            return 0;
        }
        long frame = buffers + (long) used++ * STRIDE + PortQueue.HEADROOM;
        VirtioNetHeader.clear(frame);
        return frame;
    }

    void endCycle() {
        used = 0;
    }
}

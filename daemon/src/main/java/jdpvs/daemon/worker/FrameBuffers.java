package jdpvs.daemon.worker;

import java.lang.foreign.Arena;
import jdpvs.port.PortQueue;
import jdpvs.wire.VirtioNetHeader;

/** Buffers for the packets one worker makes itself; all of them return when the cycle ends, so allocation is one counter. */
final class FrameBuffers {
    /** After the Ethernet header's address; the contract of {@link jdpvs.stack.Egress#allocate}. */
    static final int BYTES = 2048;

    private static final int STRIDE = PortQueue.HEADROOM + BYTES;

    private final long base;
    private final int count;
    private int used;

    FrameBuffers(Arena arena, int count) {
        this.count = count;
        this.base = arena.allocate((long) STRIDE * count, 64).address();
    }

    /** @return the address for an Ethernet header, or 0 when all are in use */
    long allocate() {
        if (used == count) {
            return 0;
        }
        long frame = base + (long) STRIDE * used++ + PortQueue.HEADROOM;
        VirtioNetHeader.clear(frame);
        return frame;
    }

    void reset() {
        used = 0;
    }

    static long bytes(int count) {
        return (long) STRIDE * count;
    }
}

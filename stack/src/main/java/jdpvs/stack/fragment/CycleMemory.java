package jdpvs.stack.fragment;

import jdpvs.port.PortQueue;
import jdpvs.port.SpareMemory;
import jdpvs.wire.VirtioNetHeader;

/**
 * Native memory for frames of any length that live until their worker's cycle ends: one piece, given out from its beginning. All of it returns when
 * the cycle's clock has moved on, for then everything queued at the egress has been sent.
 */
public final class CycleMemory {
    private static final int ALIGNMENT = 64;

    private final SpareMemory memory;
    private final long capacity;
    private long used;
    private long cycleMillis = Long.MIN_VALUE;

    public CycleMemory(long bytes) {
        this.capacity = bytes;
        this.memory = new SpareMemory(bytes);
    }

    /** Whether there is room for so many frames of this length in the cycle of {@code nowMillis}. */
    boolean hasRoom(int frames, int length, long nowMillis) {
        if (nowMillis != cycleMillis) {
            cycleMillis = nowMillis;
            used = 0;
        }
        return used + (long) frames * bytes(length) <= capacity;
    }

    /** The address for an Ethernet header with headroom before it, its virtio-net header cleared; {@link #hasRoom} has said yes. */
    long allocate(int length) {
        long frame = memory.address() + used + PortQueue.HEADROOM;
        used += bytes(length);
        VirtioNetHeader.clear(frame);
        return frame;
    }

    private static long bytes(int length) {
        return ((long) PortQueue.HEADROOM + length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}

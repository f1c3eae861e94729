package jdpvs.stack;

import java.util.Arrays;
import jdpvs.port.PortQueue;
import jdpvs.port.SpareMemory;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;

/**
 * Copies of packets that wait for a MAC address: two sizes of native buffers, all made at construction. A slot is an int; queues link slots
 * through {@link #next}.
 *
 * <pre>
 *  +----------+---------------------+     slots 0 … small - 1: HEADROOM + 2,048 bytes
 *  | HEADROOM | frame               |     then                : HEADROOM + 65,600 bytes (14 + 40 + 65,535: IPv6 does not count its own header; rounded up)
 *  +----------+---------------------+
 * </pre>
 *
 * A sent slot must stay as it is until the worker's cycle ends; it is used again when the cycle's clock has moved on.
 */
final class PacketPool {
    static final int SMALL_BYTES = 2048;
    static final int LARGE_BYTES = 65_600;
    static final int NONE = -1;

    private static final int SMALL_STRIDE = PortQueue.HEADROOM + SMALL_BYTES;
    private static final int LARGE_STRIDE = PortQueue.HEADROOM + LARGE_BYTES;

    private final int small;
    private final SpareMemory memory;
    private final int[] next;
    private final int[] lengths;
    private int freeSmall = NONE;
    private int freeLarge = NONE;
    private int retired = NONE;
    private long retiredMillis;
    private int freeSmallCount;
    private int freeLargeCount;

    PacketPool(int small, int large) {
        this.small = small;
        this.memory = new SpareMemory(memoryBytes(small, large));
        this.next = new int[small + large];
        this.lengths = new int[small + large];
        Arrays.fill(next, NONE);
        for (int slot = small + large - 1; slot >= 0; slot--) {
            free(slot);
        }
    }

    static long memoryBytes(int small, int large) {
        return (long) small * SMALL_STRIDE + (long) large * LARGE_STRIDE;
    }

    /** A copy of a frame with its virtio-net header, or {@link #NONE} when no buffer of its size is free. */
    int keep(long frame, int length, long nowMillis) {
        reclaim(nowMillis);
        int slot;
        if (length <= SMALL_BYTES) {
            slot = freeSmall;
            if (slot == NONE) {
                return NONE;
            }
            freeSmall = next[slot];
            freeSmallCount--;
        } else {
            slot = freeLarge;
            if (slot == NONE || length > LARGE_BYTES) {
                return NONE;
            }
            freeLarge = next[slot];
            freeLargeCount--;
        }
        next[slot] = NONE;
        lengths[slot] = length;
        Memory.copy(
                frame - VirtioNetHeader.LENGTH,
                frame(slot) - VirtioNetHeader.LENGTH,
                (long) length + VirtioNetHeader.LENGTH);
        return slot;
    }

    /** Buffers that are free for a packet of so many bytes. */
    int available(int length, long nowMillis) {
        reclaim(nowMillis);
        return length <= SMALL_BYTES ? freeSmallCount : freeLargeCount;
    }

    boolean isLarge(int slot) {
        return slot >= small;
    }

    /** Address of the copy's Ethernet header. */
    long frame(int slot) {
        long offset = slot < small
                ? (long) slot * SMALL_STRIDE
                : (long) small * SMALL_STRIDE + (long) (slot - small) * LARGE_STRIDE;
        return memory.address() + offset + PortQueue.HEADROOM;
    }

    int length(int slot) {
        return lengths[slot];
    }

    int next(int slot) {
        return next[slot];
    }

    void link(int slot, int following) {
        next[slot] = following;
    }

    /** Nobody reads the copy any more. */
    void free(int slot) {
        if (slot < small) {
            next[slot] = freeSmall;
            freeSmall = slot;
            freeSmallCount++;
        } else {
            next[slot] = freeLarge;
            freeLarge = slot;
            freeLargeCount++;
        }
    }

    /** The copy has been handed to the egress in the cycle of {@code nowMillis}, which still reads it. */
    void retire(int slot, long nowMillis) {
        reclaim(nowMillis);
        next[slot] = retired;
        retired = slot;
        retiredMillis = nowMillis;
    }

    private void reclaim(long nowMillis) {
        if (retired != NONE && retiredMillis != nowMillis) {
            for (int slot = retired; slot != NONE; ) {
                int following = next[slot];
                free(slot);
                slot = following;
            }
            retired = NONE;
        }
    }
}

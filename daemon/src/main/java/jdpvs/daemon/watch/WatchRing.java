package jdpvs.daemon.watch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdpvs.wire.Memory;

/**
 * A bounded ring of {@link WatchRecord}s from a worker to a control thread: one producer, one consumer. The producer never waits: what does not
 * fit is counted and left out. A record never wraps: where it does not fit before the end, a padding record fills the rest.
 */
final class WatchRing {
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final VarHandle NOT_SHOWN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(WatchRing.class, "head", long.class);
            TAIL = lookup.findVarHandle(WatchRing.class, "tail", long.class);
            NOT_SHOWN = lookup.findVarHandle(WatchRing.class, "notShown", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long base;
    private final int capacity;

    /** Bytes consumed and bytes produced since the start; each written by one side only. */
    private volatile long head;

    private volatile long tail;

    /** Written by the producer only. */
    private long notShown;

    /** The producer's last sight of {@link #head}. */
    private long headSeen;

    /**
     * @param base of memory that is the ring's, aligned to 8
     * @param capacity in bytes, a power of two
     */
    WatchRing(long base, int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is not a power of two");
        }
        this.base = base;
        this.capacity = capacity;
    }

    /**
     * Producer: a record with the beginning of a frame.
     *
     * @param frame whose virtio-net header stands before it, or 0 for none
     * @param length of the frame
     * @param captured bytes of it to keep
     */
    void offer(
            int kind,
            long timeNanos,
            long serial,
            int device,
            int code,
            long first,
            long second,
            long third,
            long frame,
            int length,
            int captured) {
        int bytes = (WatchRecord.HEADER + captured + 7) & -8;
        long record = claim(bytes);
        if (record == 0) {
            NOT_SHOWN.setOpaque(this, notShown + 1);
            return;
        }
        Memory.putInt(record, bytes);
        Memory.putInt(record + 4, kind);
        Memory.putLong(record + 8, timeNanos);
        Memory.putLong(record + 16, serial);
        Memory.putInt(record + 24, device);
        Memory.putInt(record + 28, length);
        Memory.putInt(record + 32, captured);
        Memory.putInt(record + 36, code);
        Memory.putLong(record + 40, first);
        Memory.putLong(record + 48, second);
        Memory.putLong(record + 56, third);
        if (frame != 0) {
            Memory.copy(
                    frame - WatchRecord.BEFORE_FRAME,
                    WatchRecord.frame(record) - WatchRecord.BEFORE_FRAME,
                    (long) WatchRecord.BEFORE_FRAME + captured);
        }
        TAIL.setRelease(this, tail + bytes);
    }

    /** Where a record of so many bytes goes, or 0 when there is no room; padding before it is published already. */
    private long claim(int bytes) {
        long position = tail;
        int offset = (int) position & (capacity - 1);
        int untilEnd = capacity - offset;
        int needed = bytes <= untilEnd ? bytes : untilEnd + bytes;
        if (position + needed - headSeen > capacity) {
            headSeen = (long) HEAD.getAcquire(this);
            if (position + needed - headSeen > capacity) {
                return 0;
            }
        }
        if (bytes > untilEnd) {
            // Records are multiples of 8, so there is always room for these two words.
            Memory.putInt(base + offset, untilEnd);
            Memory.putInt(base + offset + 4, WatchRecord.PADDING);
            TAIL.setRelease(this, position + untilEnd);
            return base;
        }
        return base + offset;
    }

    /** Consumer: the oldest record, or 0 when there is none. It stays until {@link #remove}. */
    long peek() {
        long end = (long) TAIL.getAcquire(this);
        while (head != end) {
            long record = base + (head & (capacity - 1));
            if (WatchRecord.kind(record) != WatchRecord.PADDING) {
                return record;
            }
            remove(record);
        }
        return 0;
    }

    /** Consumer: gives back the room of the oldest record. */
    void remove(long record) {
        HEAD.setRelease(this, head + WatchRecord.bytes(record));
    }

    /** Any thread: records that found no room. */
    long notShown() {
        return (long) NOT_SHOWN.getOpaque(this);
    }
}

package jdpvs.daemon.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdpvs.port.PortQueue;
import jdpvs.wire.Memory;

/**
 * A bounded ring from one worker to another: one producer, one consumer, records of any length in native memory. The consumer works on frames
 * in place and gives their room back afterwards.
 *
 * <pre>
 *  0          4          8          12         16
 *  +----------+----------+----------+----------+----------------------------------------------------------+
 *  | bytes    | FRAME    | device   | length   | headroom, its end virtio-net | frame, padded to 8 bytes  |
 *  +----------+----------+----------+----------+--------------+---------------+---------------------------+
 *  | bytes    | NEIGHBOUR| device   | 0        | MAC address  | address: upper half, lower half           |
 *  +----------+----------+----------+----------+--------------+-------------------------------------------+
 * </pre>
 *
 * A record never wraps: where it does not fit before the end, a padding record fills the rest.
 */
final class HandoverRing {
    static final int FRAME = 1;
    static final int NEIGHBOUR = 2;
    private static final int PADDING = 3;

    private static final int HEADER = 16;
    private static final int NEIGHBOUR_BYTES = 40;
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(HandoverRing.class, "head", long.class);
            TAIL = MethodHandles.lookup().findVarHandle(HandoverRing.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long base;
    private final int capacity;

    /** Bytes consumed and bytes produced since the start; each written by one side only. */
    private volatile long head;

    private volatile long tail;

    /** The producer's last sight of {@link #head}. */
    private long headSeen;

    /** The consumer's place: records before it have been read, but their room is given back by {@link #release} only. */
    private long readPosition;

    /**
     * @param memory zeroed, at a multiple of 64
     * @param capacity of the memory in bytes, a power of two, larger than any record
     */
    HandoverRing(long memory, int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is not a power of two");
        }
        this.capacity = capacity;
        this.base = memory;
    }

    /** Producer: copies the frame and its virtio-net header in. @return false when the ring is full */
    boolean offerFrame(int device, long frame, int length) {
        int bytes = (HEADER + PortQueue.HEADROOM + length + 7) & -8;
        long record = claim(bytes);
        if (record == 0) {
            return false;
        }
        Memory.putInt(record + 4, FRAME);
        Memory.putInt(record + 8, device);
        Memory.putInt(record + 12, length);
        Memory.copy(frame - PortQueue.HEADROOM, record + HEADER, (long) PortQueue.HEADROOM + length);
        publish(record, bytes);
        return true;
    }

    /** Producer: a neighbour's MAC address. @return false when the ring is full */
    boolean offerNeighbour(int device, long high, long low, long macAddress) {
        long record = claim(NEIGHBOUR_BYTES);
        if (record == 0) {
            return false;
        }
        Memory.putInt(record + 4, NEIGHBOUR);
        Memory.putInt(record + 8, device);
        Memory.putLong(record + 16, macAddress);
        Memory.putLong(record + 24, high);
        Memory.putLong(record + 32, low);
        publish(record, NEIGHBOUR_BYTES);
        return true;
    }

    private long claim(int bytes) {
        long position = tail;
        int offset = (int) position & (capacity - 1);
        int untilEnd = capacity - offset;
        int needed = bytes <= untilEnd ? bytes : untilEnd + bytes;
        if (needed > capacity || position + needed - headSeen > capacity) {
            headSeen = (long) HEAD.getAcquire(this);
            if (needed > capacity || position + needed - headSeen > capacity) {
                return 0;
            }
        }
        if (bytes > untilEnd) {
            // Records are multiples of 8, so there is always room for these two words.
            Memory.putInt(base + offset, untilEnd);
            Memory.putInt(base + offset + 4, PADDING);
            TAIL.setRelease(this, position + untilEnd);
            return base;
        }
        return base + offset;
    }

    private void publish(long record, int bytes) {
        Memory.putInt(record, bytes);
        TAIL.setRelease(this, tail + bytes);
    }

    /** Consumer: the address of the next record, or 0 when there is none. It stays valid until {@link #release}. */
    long poll() {
        long end = (long) TAIL.getAcquire(this);
        while (readPosition != end) {
            long record = base + (readPosition & (capacity - 1));
            readPosition += Memory.getInt(record);
            if (kind(record) != PADDING) {
                return record;
            }
        }
        return 0;
    }

    /** Consumer: gives back the room of every record polled so far. */
    void release() {
        if (readPosition != head) {
            HEAD.setRelease(this, readPosition);
        }
    }

    /** Either side: whether something waits to be polled. */
    boolean isEmpty() {
        return (long) TAIL.getAcquire(this) == readPosition;
    }

    static int kind(long record) {
        return Memory.getInt(record + 4);
    }

    static int device(long record) {
        return Memory.getInt(record + 8);
    }

    /** Of a frame, in bytes. */
    static int length(long record) {
        return Memory.getInt(record + 12);
    }

    /** Where a frame's Ethernet header is. */
    static long frame(long record) {
        return record + HEADER + PortQueue.HEADROOM;
    }

    /** Of a neighbour: the upper half of its address. */
    static long high(long record) {
        return Memory.getLong(record + 24);
    }

    static long low(long record) {
        return Memory.getLong(record + 32);
    }

    static long macAddress(long record) {
        return Memory.getLong(record + 16);
    }
}

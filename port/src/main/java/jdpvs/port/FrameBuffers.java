package jdpvs.port;

import jdpvs.linux.Mapping;

/**
 * A row of frame buffers in one piece of pre-faulted memory, on huge pages where the machine has them.
 *
 * <pre>
 *  0           42              104                114               128
 *  +-----------+---------------+------------------+-----------------+----------------- … ---+
 *  | (unused)  | headroom, 72 bytes in all        | Ethernet header | IP header …           |
 *  |           |               | virtio-net header|                 |                       |
 *  +-----------+---------------+------------------+-----------------+----------------- … ---+
 *                                                 address(i)        a cache line begins
 * </pre>
 *
 * A buffer is an odd number of cache lines long, so that the headers of neighbours fall into different sets of the cache.
 */
public final class FrameBuffers implements AutoCloseable {
    /** Of the Ethernet header in a buffer: the IP header behind it begins a cache line. */
    public static final int FRAME_OFFSET = 114;

    private static final int CACHE_LINE = 64;

    private final Mapping memory;
    private final int count;
    private final int capacity;
    private final int stride;

    /**
     * @param count of buffers
     * @param capacity bytes of the longest frame, from its Ethernet header on
     */
    public FrameBuffers(int count, int capacity) {
        this.count = count;
        this.capacity = capacity;
        this.stride = stride(capacity);
        this.memory = Mapping.anonymous((long) count * stride, true);
    }

    public static long memoryBytes(int count, int capacity) {
        return (long) count * stride(capacity);
    }

    private static int stride(int capacity) {
        int lines = (FRAME_OFFSET + capacity + CACHE_LINE - 1) / CACHE_LINE;
        return (lines | 1) * CACHE_LINE;
    }

    public int count() {
        return count;
    }

    /** Bytes from a frame's Ethernet header to the end of its buffer, at least. */
    public int capacity() {
        return capacity;
    }

    /** Where the Ethernet header of a frame in this buffer goes. */
    public long address(int index) {
        return memory.address() + (long) index * stride + FRAME_OFFSET;
    }

    /** No thread may use the buffers any more. */
    @Override
    public void close() {
        memory.close();
    }
}

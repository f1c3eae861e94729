package jdpvs.port;

/**
 * Frames as parallel arrays, never an object per packet. An address points at the Ethernet header; the ten bytes before it are its
 * {@link jdpvs.wire.VirtioNetHeader}, and {@link PortQueue#HEADROOM} bytes before the Ethernet header may be written.
 */
public final class Burst {
    public static final int CAPACITY = 64;

    /** Native addresses of the Ethernet headers, {@code count} of them. */
    public final long[] address = new long[CAPACITY];
    /** Bytes from the Ethernet header on. */
    public final int[] length = new int[CAPACITY];

    public int count;

    public boolean isFull() {
        return count == CAPACITY;
    }

    /** The caller has seen that the burst is not full. */
    public void add(long frame, int bytes) {
        address[count] = frame;
        length[count++] = bytes;
    }
}

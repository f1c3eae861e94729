package jdpvs.stack.fragment;

/**
 * What one worker keeps of fragments, and for how long; its memory is asked for when it is made, and the system's until it is used.
 *
 * @param datagrams that can be incomplete at once
 * @param chunks of {@link FragmentChunks#BYTES} bytes for all of them; a fragment takes one for each begun {@code BYTES}
 * @param sources how many groups the source addresses are divided into; a group may take a quarter of datagrams and chunks
 * @param fragmentsPerDatagram that a datagram may consist of
 * @param timeoutMillis from a datagram's first fragment to its last; the memory of losses is needed by others, so shorter than RFC 1122 §3.3.2
 *     recommends (60 to 120 s)
 * @param cycleBytes for datagrams that have become whole within one cycle; others wait for the next
 */
public record FragmentLimits(
        int datagrams, int chunks, int sources, int fragmentsPerDatagram, int timeoutMillis, long cycleBytes) {
    /** 2,048 datagrams, 6 MiB of fragments, 5 s. */
    public static final FragmentLimits DEFAULTS = new FragmentLimits(2048, 4096, 1024, 256, 5000, 2 << 20);

    private static final int LARGEST_DATAGRAM = 1 << 16;
    private static final int SHARE = 4;
    /** In Java arrays, for each datagram, chunk and source. */
    private static final int BOOKKEEPING_BYTES = 120;

    public FragmentLimits {
        if (Integer.bitCount(sources) != 1 || datagrams < SHARE || chunks < SHARE || fragmentsPerDatagram < 2) {
            throw new IllegalArgumentException("sources are a power of two, datagrams and chunks at least " + SHARE
                    + ", fragments of a datagram at least 2");
        }
        cycleBytes = Math.max(cycleBytes, 2 * LARGEST_DATAGRAM);
    }

    int datagramsPerSource() {
        return datagrams / SHARE;
    }

    int chunksPerSource() {
        return chunks / SHARE;
    }

    /** Memory of one worker's reassembly. */
    public long memoryBytes() {
        return (long) chunks * (FragmentChunks.BYTES + 16)
                + (long) datagrams * (BOOKKEEPING_BYTES + Datagrams.HEADER_BYTES)
                + sources * 16L
                + cycleBytes;
    }
}

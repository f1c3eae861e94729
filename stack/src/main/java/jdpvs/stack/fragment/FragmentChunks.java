package jdpvs.stack.fragment;

import jdpvs.port.SpareMemory;
import jdpvs.wire.Memory;

/**
 * The payload of kept fragments in native memory of one size. A datagram's chunks form a list in the order of their offsets; a fragment longer than a
 * chunk takes several that follow each other.
 */
final class FragmentChunks {
    /** Payload of a chunk: a fragment of Ethernet's 1,500 bytes fits one. */
    static final int BYTES = 1536;

    static final int NONE = -1;

    /** By chunk: the one behind it in its datagram, or among the free ones. */
    final int[] next;
    /** By chunk: where in the datagram its bytes belong. */
    final int[] offset;
    /** By chunk: the length of the fragment that begins here, 0 where a fragment goes on. */
    final int[] fragmentBytes;

    private final SpareMemory memory;
    private final int[] bytes;
    private int free = NONE;
    private int freeCount;

    FragmentChunks(int count) {
        memory = new SpareMemory((long) count * BYTES);
        next = new int[count];
        offset = new int[count];
        fragmentBytes = new int[count];
        bytes = new int[count];
        for (int chunk = count - 1; chunk >= 0; chunk--) {
            give(chunk);
        }
    }

    int freeCount() {
        return freeCount;
    }

    /** How many chunks a fragment takes. */
    static int needed(int fragmentBytes) {
        return (fragmentBytes + BYTES - 1) / BYTES;
    }

    /** Copies a fragment's payload into a list of chunks; there are enough. @return the first; {@link #lastTaken} tells the last */
    int keep(long payload, int length, int at) {
        int first = NONE;
        int previous = NONE;
        for (int done = 0; done < length; ) {
            int chunk = free;
            free = next[chunk];
            freeCount--;
            next[chunk] = NONE;
            int part = Math.min(BYTES, length - done);
            Memory.copy(payload + done, address(chunk), part);
            bytes[chunk] = part;
            offset[chunk] = at + done;
            fragmentBytes[chunk] = done == 0 ? length : 0;
            if (previous == NONE) {
                first = chunk;
            } else {
                next[previous] = chunk;
            }
            previous = chunk;
            done += part;
        }
        lastTaken = previous;
        return first;
    }

    /** The last chunk of the fragment that {@link #keep} has just taken in. */
    int lastTaken = NONE;

    int end(int chunk) {
        return offset[chunk] + bytes[chunk];
    }

    /** Writes a list's bytes to their places behind {@code payload}. */
    void gather(int first, long payload) {
        for (int chunk = first; chunk != NONE; chunk = next[chunk]) {
            Memory.copy(address(chunk), payload + offset[chunk], bytes[chunk]);
        }
    }

    /** @return how many chunks the list had */
    int giveAll(int first) {
        int count = 0;
        for (int chunk = first; chunk != NONE; count++) {
            int following = next[chunk];
            give(chunk);
            chunk = following;
        }
        return count;
    }

    private void give(int chunk) {
        next[chunk] = free;
        free = chunk;
        freeCount++;
    }

    private long address(int chunk) {
        return memory.address() + (long) chunk * BYTES;
    }
}

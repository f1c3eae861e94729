package jdpvs.port.packet;

import jdpvs.wire.Ethernet;

/**
 * How a {@link ReceiveRing} divides its memory.
 *
 * @param slotBytes an odd number of cache lines, so that the headers of neighbouring slots fall into different sets of the cache
 * @param blockBytes what the kernel allocates in one piece, whole pages; slots do not cross them
 */
record RingShape(int slotBytes, int blockBytes, int blocks) {
    /** Where a slot's Ethernet header begins. */
    static final int ETHERNET_OFFSET = 114;

    private static final int LARGE_BLOCK = 1 << 20;
    private static final int SMALL_BLOCK = 1 << 16;

    /** Slots that hold the largest IPv4 packet. */
    static RingShape whole(int slots) {
        return of(slots, 64 * 1027, LARGE_BLOCK);
    }

    /** Slots that hold what links with frames of up to 16 KB carry. */
    static RingShape jumbo(int slots) {
        return of(slots, 64 * 257, LARGE_BLOCK);
    }

    /** Slots that hold what every link carries. */
    static RingShape small(int slots) {
        return of(slots, 64 * 33, SMALL_BLOCK);
    }

    /** As many slots as asked for, and what else their last block has room for. */
    private static RingShape of(int slots, int slotBytes, int blockBytes) {
        int perBlock = blockBytes / slotBytes;
        return new RingShape(slotBytes, blockBytes, (slots + perBlock - 1) / perBlock);
    }

    int slotsPerBlock() {
        return blockBytes / slotBytes;
    }

    int slots() {
        return blocks * slotsPerBlock();
    }

    long memoryBytes() {
        return (long) blocks * blockBytes;
    }

    /** Bytes behind the Ethernet header that a slot holds. */
    int longestPacket() {
        return slotBytes - ETHERNET_OFFSET - Ethernet.LENGTH;
    }
}

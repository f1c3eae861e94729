package jdpvs.stack;

import jdpvs.stack.fragment.Fragmenter;

/**
 * What one worker's stack may hold; its memory is asked for when it is made, and the system's until it is used.
 *
 * @param neighbours entries of the neighbour table
 * @param smallBuffers waiting packets of up to {@link PacketPool#SMALL_BYTES} bytes, over all neighbours
 * @param largeBuffers waiting packets of up to 64 KB (segmented TCP), over all neighbours
 * @param errorsPerSecond ICMP errors that dpvs sends at most
 */
public record StackLimits(int neighbours, int smallBuffers, int largeBuffers, int errorsPerSecond) {
    /** 4,096 neighbours and 4.3 MB of waiting packets (and 4 MiB for fragments under way). */
    public static final StackLimits DEFAULTS = new StackLimits(4096, 1024, 32, 1000);

    /** Native memory of one worker's stack. */
    public long memoryBytes() {
        return PacketPool.memoryBytes(smallBuffers, largeBuffers) + Fragmenter.CYCLE_BYTES;
    }
}

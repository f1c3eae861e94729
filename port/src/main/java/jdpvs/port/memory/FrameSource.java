package jdpvs.port.memory;

/** Makes the frames that a {@link MemoryQueue} receives; called by the queue's worker only. */
@FunctionalInterface
public interface FrameSource {
    /** Never has a frame. */
    FrameSource NONE = frame -> 0;

    /**
     * Writes the next frame. Its virtio-net header, before it, is clear and may be set.
     *
     * @param frame address of the Ethernet header
     * @return the frame's length in bytes, or 0 when there is none now
     */
    int write(long frame);
}

package jdpvs.port.memory;

import jdpvs.port.Burst;

/** Takes the frames that a {@link MemoryQueue} sends; called by the queue's worker only. */
@FunctionalInterface
public interface FrameSink {
    FrameSink DISCARD = burst -> {};

    /** Looks at the frames, which belong to the caller: they change as soon as this returns. */
    void take(Burst burst);
}

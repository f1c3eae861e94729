package jdpvs.port;

/**
 * Sees what one worker does with packets, while somebody asks (trace, capture); called on the worker's thread only, and only while set. {@link #step} and
 * {@link #dropped} are about the frame at {@code WorkerContext.position} of the burst at hand, or, outside of a burst, about a packet that waited.
 */
public interface Witness {
    /** A burst was received or taken over from another worker; no frame of it has been changed yet. */
    void received(int device, Burst burst);

    /** Something was found or decided about the packet at hand; what the arguments mean stands with the step. */
    void step(Step step, long first, long second);

    /** A frame is on its way out, complete but for what the device adds. */
    void sent(int device, long frame, int length);

    /** The packet at hand, or one that waited, went no further. */
    void dropped(DropReason reason);
}

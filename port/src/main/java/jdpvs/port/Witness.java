package jdpvs.port;

/**
 * Sees what one worker does with packets, while somebody asks (trace, capture); called on the worker's thread only, and only while set. {@link #step},
 * {@link #sent} and {@link #dropped} are about the frame at {@code WorkerContext.position} of the burst at hand, or, between {@link #waited} and
 * {@link #resumed} and outside of a burst, about a packet that waited or that dpvs itself made.
 */
public interface Witness {
    /** A burst was received; no frame of it has been changed yet. */
    void received(int device, Burst burst);

    /** A burst was taken over from another worker, which has told that it was received; no frame of it has been changed yet. */
    default void takenOver(int device, Burst burst) {
        received(device, burst);
    }

    /** Something was found or decided about the packet at hand; what the arguments mean stands with the step. */
    void step(Step step, long first, long second, long third);

    /** A frame is on its way out, complete but for what the device adds. */
    void sent(int device, long frame, int length);

    /** The packet at hand, or one that waited, went no further. */
    void dropped(DropReason reason);

    /** The packet at hand was copied to this address and waits there for what it needs. */
    default void waits(long copy) {}

    /**
     * From now on it is a packet that waited which is sent or dropped.
     *
     * @param copy where it waited: the Ethernet header's address
     */
    default void waited(int device, long copy, int length) {}

    /** The packet that waited is done with: the packet at hand is again the one it was before {@link #waited}. */
    default void resumed() {}
}

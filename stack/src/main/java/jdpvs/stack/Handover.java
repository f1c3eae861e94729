package jdpvs.stack;

/** What one worker tells the others, through bounded rings; the frame is copied, so that the giver may go on at once. */
public interface Handover {
    /** Gives a frame to the worker that owns its connection; a full ring drops and counts {@code HANDOVER_RING_FULL}. */
    void frame(int worker, int device, long frame, int length);

    /** Tells every other worker the MAC address of a neighbour; its address as the two halves of {@link jdpvs.wire.Address}. */
    void neighbour(int device, long high, long low, long macAddress);
}

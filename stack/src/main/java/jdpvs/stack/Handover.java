package jdpvs.stack;

/** What one worker tells the others, through bounded rings; the frame is copied, so that the giver may go on at once. */
public interface Handover {
    /** Gives a frame to the worker that owns its connection; a full ring drops and counts {@code HANDOVER_RING_FULL}. */
    void frame(int worker, int device, long frame, int length);

    /** Tells every other worker what ARP has taught this one. */
    void neighbour(int device, int address, long macAddress);
}

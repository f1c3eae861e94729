package jdpvs.stack;

/** The way out of one worker. Frames sent are queued per device and leave when the queue is full or the worker's cycle ends. */
public interface Egress {
    /** Queues a frame; its memory must stay as it is until the cycle ends. A device that does not exist or is down drops and counts. */
    void send(int device, long frame, int length);

    /**
     * A frame buffer for a packet that the worker makes or keeps a moment: at least 2,048 bytes after the returned Ethernet header address,
     * {@link jdpvs.port.PortQueue#HEADROOM} before it, virtio-net header cleared. It returns to its pool when the cycle ends.
     *
     * @return the address, or 0 when the pool is empty (the caller counts {@code BUFFERS_EXHAUSTED})
     */
    long allocate();
}

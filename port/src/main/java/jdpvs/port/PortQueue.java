package jdpvs.port;

/**
 * One receive and one transmit queue of a port; used by one thread only: a worker's, or for {@link Port#control} the control thread's.
 *
 * <p>Life of a received frame: {@link #receive} lends it, {@link #release} gives it back. In between the worker may change it in place, its
 * headroom included, and transmit it on any port.
 */
public interface PortQueue {
    /**
     * Bytes before a frame's Ethernet header that may be overwritten: 10 for its virtio-net header, 52 for what a frame may grow by (the longest PROXY header of a
     * datagram), 4 for a VLAN tag; rounded up to a multiple of 8.
     */
    int HEADROOM = 72;

    /**
     * Fills the burst from its beginning with what has arrived, without waiting. The frames stay valid until {@link #release}, which must
     * come before the next call. A VLAN tag is part of a frame, but for one that carries nothing but a priority (VLAN 0): its frame is an untagged one.
     *
     * @return the number of frames, also in {@code burst.count}
     */
    int receive(Burst burst);

    /** Gives all frames of the last {@link #receive} back. */
    void release();

    /**
     * Sends every frame of the burst in order and empties it. On return the frames' memory is no longer used. What the device does not
     * take is dropped and counted ({@link PortCounters#transmitErrors}).
     */
    void transmit(Burst burst);

    /** Any thread: what passed this queue since its port was opened. */
    PortCounters counters();

    /** Descriptors to poll for input while idle; none if this queue must be asked. */
    int[] pollDescriptors();
}

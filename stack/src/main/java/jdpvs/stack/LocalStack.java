package jdpvs.stack;

/**
 * One worker's slow path for everything that is not a connection: ARP, ICMP echo, local delivery, IPv4 forwarding, and the resolution of
 * next hops for what the worker sends.
 */
public interface LocalStack {
    /**
     * Takes a frame that the balancer did not: answers, forwards, or counts a drop. The frame may be changed in place.
     *
     * @param classification from {@link jdpvs.wire.Classifier}
     */
    void input(int device, long frame, int length, int classification);

    /**
     * Sends an IPv4 packet along a route: fills in the Ethernet header, resolving the next hop first if need be (the packet waits in a bounded
     * queue meanwhile, copied).
     *
     * @return true when the frame left at once, so that {@link #macAddress} is known
     */
    boolean output(Route route, int destination, long frame, int length);

    /**
     * Sends an ICMP error about a packet to its source, unless the rules (RFC 1122 §3.2.2) or the rate limit forbid it. The packet itself stays the
     * caller's, who counts it. The error comes from the address that the packet was sent to, when that is ours, else from an address of the interface.
     *
     * @param device where the packet came in, or -1
     * @param frame the packet as it came in
     * @param mtu of the next hop for "fragmentation needed", else 0
     */
    void error(int device, long frame, int type, int code, int mtu);

    /** Who gets errors about packets from own addresses, from now on; at first nobody. */
    void ownPacketErrors(OwnPacketErrors taker);

    /** The MAC address of a next hop that is resolved, or -1. Allocates nothing. */
    long macAddress(int device, int nextHop);

    /** Changes whenever an answer of {@link #macAddress} may have changed. */
    int neighbourGeneration();

    /** What another worker has learnt. */
    void learn(int device, int address, long macAddress);

    /** Retries, time-outs, refreshes; called about every 10 ms. */
    void tick();
}

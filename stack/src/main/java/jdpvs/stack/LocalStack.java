package jdpvs.stack;

import jdpvs.wire.Address;

/**
 * One worker's slow path for everything that is not a connection: ARP and neighbour discovery, ICMP echo, local delivery, forwarding, and the resolution of
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
     * Sends an IP packet along a route of its family: fills in the Ethernet header, resolving the next hop first if need be (the packet waits in a bounded
     * queue meanwhile, copied).
     *
     * @return true when the frame left at once, so that {@link #macAddress} is known
     */
    boolean output(Route route, long frame, int length);

    /**
     * Sends an ICMP or ICMPv6 error about a packet to its source, unless the rules (RFC 1122 §3.2.2, RFC 4443 §2.4) or the rate limit forbid it. The packet itself stays the
     * caller's, who counts it. The error comes from the address that the packet was sent to, when that is ours, else from an address of the interface.
     *
     * @param device where the packet came in, or -1
     * @param frame the packet as it came in
     * @param mtu of the next hop for {@link ErrorKind#TOO_BIG}, else 0
     */
    void error(int device, long frame, ErrorKind kind, int mtu);

    /** Who gets errors about packets from own addresses, from now on; at first nobody. */
    void ownPacketErrors(OwnPacketErrors taker);

    /** The MAC address of a next hop that is resolved, or -1; its address as the halves of {@link Address}. Allocates nothing. */
    long macAddress(int device, long high, long low);

    /** Of IPv4. */
    default long macAddress(int device, int nextHop) {
        return macAddress(device, 0, Address.mapped(nextHop));
    }

    /** Changes whenever an answer of {@link #macAddress} may have changed. */
    int neighbourGeneration();

    /** What another worker has learnt. */
    void learn(int device, long high, long low, long macAddress);

    /** Of IPv4. */
    default void learn(int device, int address, long macAddress) {
        learn(device, 0, Address.mapped(address), macAddress);
    }

    /** Retries, time-outs, refreshes; called about every 10 ms. */
    void tick();
}

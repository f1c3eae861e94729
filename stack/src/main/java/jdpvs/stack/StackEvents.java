package jdpvs.stack;

import jdpvs.wire.Address;

/** What the log should hear of a worker's stack; called on the worker's thread, at most once a second per kind, so implementations are quick. */
public interface StackEvents {
    /** Nobody listens. */
    StackEvents NONE = new StackEvents() {
        @Override
        public void addressConflict(int device, Address address, long macAddress) {}

        @Override
        public void duplicateAddress(int device, Address address, long macAddress) {}

        @Override
        public void unresolvedQueueFull(int device, Address nextHop) {}
    };

    /** Another host claims an address of dpvs's (RFC 5227 §2.4, RFC 4862 §5.4). */
    void addressConflict(int device, Address address, long macAddress);

    /** Another host has an address that dpvs was about to use (RFC 4862 §5.4). */
    void duplicateAddress(int device, Address address, long macAddress);

    /** Packets to a next hop that has not told its MAC address yet are dropped. */
    void unresolvedQueueFull(int device, Address nextHop);
}

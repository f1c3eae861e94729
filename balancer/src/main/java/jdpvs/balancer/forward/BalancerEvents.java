package jdpvs.balancer.forward;

/** What the log should hear of a worker's balancer; called on the worker's thread, at most once a second per kind, so implementations are quick. */
public interface BalancerEvents {
    /** Nobody listens. */
    BalancerEvents NONE = new BalancerEvents() {
        @Override
        public void noRoomForClientAddress(
                long clientAddresses, int clientPorts, long serverAddresses, int serverPorts) {}
    };

    /**
     * A packet went to its server without the client's address.
     *
     * @param clientAddresses the client's address in the upper half, the virtual one in the lower, both in network meaning
     * @param clientPorts the ports that belong to them, 16 bits each
     * @param serverAddresses the local address in the upper half, the server's in the lower
     * @param serverPorts the ports that belong to them
     */
    void noRoomForClientAddress(long clientAddresses, int clientPorts, long serverAddresses, int serverPorts);
}

package jdpvs.balancer.forward;

import jdpvs.balancer.connection.ConnectionSnapshot;

/** What the log should hear of a worker's balancer; called on the worker's thread, at most once a second per kind, so implementations are quick. */
public interface BalancerEvents {
    /** Nobody listens. */
    BalancerEvents NONE = new BalancerEvents() {
        @Override
        public void noRoomForClientAddress(ConnectionSnapshot connection) {}
    };

    /** A packet went to its server without the client's address. */
    void noRoomForClientAddress(ConnectionSnapshot connection);
}

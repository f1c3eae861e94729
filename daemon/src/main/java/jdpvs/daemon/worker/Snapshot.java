package jdpvs.daemon.worker;

import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.stack.NetworkConfiguration;

/** Everything the control plane tells the workers, of one moment: immutable, published with one store. */
public record Snapshot(NetworkConfiguration network, ServiceConfiguration services, Timeouts timeouts) {
    /** The same but for addresses, routes, neighbours and services. */
    public Snapshot with(NetworkConfiguration newNetwork, ServiceConfiguration newServices) {
        return new Snapshot(newNetwork, newServices, timeouts);
    }
}

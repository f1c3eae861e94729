package jdpvs.daemon.plane;

import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.balancer.connection.TcpState;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.control.Views;

/** Connections as {@code ipvsadm -lnc} lists them. */
final class ConnectionViews {
    private final ServiceConfiguration services;
    private final Timeouts timeouts;

    ConnectionViews(ServiceConfiguration services, Timeouts timeouts) {
        this.services = services;
        this.timeouts = timeouts;
    }

    Views.Connection connection(ConnectionSnapshot c) {
        return new Views.Connection(
                c.worker() + 1,
                c.udp() ? "udp" : "tcp",
                timeoutSeconds(c),
                c.stateName(),
                ServiceRecords.endpoint(c.clientAddress(), c.clientPort()),
                ServiceRecords.endpoint(c.virtualAddress(), c.virtualPort()),
                ServiceRecords.endpoint(c.localAddress(), c.localPort()),
                ServiceRecords.endpoint(c.serverAddress(), c.serverPort()));
    }

    /** The configured value of the state, not what remains (facts: cli §4.6 (f)). */
    private int timeoutSeconds(ConnectionSnapshot c) {
        if (!c.udp() && TcpState.of(c.state()) == TcpState.ESTABLISHED) {
            Service service = services.service(c.service());
            if (service != null && service.connectionTimeoutSeconds() > 0) {
                return service.connectionTimeoutSeconds();
            }
        }
        return timeouts.seconds(c.udp(), c.state());
    }
}

package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.List;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.Service;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import jdpvs.stack.Device;
import jdpvs.stack.NetworkConfiguration;

/** Services as the tools list them. */
final class ServiceViews {
    /** Tells how many connections of a service go through a local address. */
    interface LocalAddressUse {
        long connections(int service, int localAddress);
    }

    private final ServerStatistics statistics;
    private final NetworkConfiguration network;
    private final LocalAddressUse localAddressUse;

    ServiceViews(ServerStatistics statistics, NetworkConfiguration network, LocalAddressUse localAddressUse) {
        this.statistics = statistics;
        this.network = network;
        this.localAddressUse = localAddressUse;
    }

    Views.Service service(Service service) {
        List<Views.Server> servers = new ArrayList<>(service.servers().length);
        for (Server server : service.servers()) {
            servers.add(server(server));
        }
        List<Views.LocalAddress> localAddresses = new ArrayList<>(service.localAddresses().length);
        for (LocalAddress local : service.localAddresses()) {
            Device device = network.device(local.device());
            localAddresses.add(new Views.LocalAddress(
                    IpAddress.of(local.address()),
                    device == null ? "" : device.name(),
                    0,
                    localAddressUse.connections(service.id(), local.id())));
        }
        return new Views.Service(
                ServiceRecords.key(service.endpoint()),
                ServiceRecords.options(service.settings()),
                servers,
                localAddresses,
                ServiceRecords.counters(statistics.counts(service)),
                ServiceRecords.rates(statistics.rates(service)));
    }

    private Views.Server server(Server server) {
        return new Views.Server(
                ServiceRecords.endpoint(server.address(), server.port()),
                ServiceRecords.options(server.settings()),
                statistics.active(server.id()),
                statistics.inactive(server.id()),
                0,
                false,
                statistics.overloaded(server),
                ServiceRecords.counters(statistics.counts(server)),
                ServiceRecords.rates(statistics.rates(server)));
    }
}

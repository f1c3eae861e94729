package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.Route;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/** Addresses and routes as the tools list them. */
final class NetworkViews {
    /** Tells the source ports of an address. */
    interface Pools {
        /** @param worker from 0, or -1 for all together; null when the address has no pool there */
        Views.@Nullable Pool pool(InterfaceAddress address, int worker);
    }

    private static final int ALL = -1;

    private final NetworkConfiguration network;
    private final Pools pools;
    private final UnaryOperator<InterfaceAddress> remaining;

    /** @param remaining an address with what is left of its lifetimes */
    NetworkViews(NetworkConfiguration network, Pools pools, UnaryOperator<InterfaceAddress> remaining) {
        this.network = network;
        this.pools = pools;
        this.remaining = remaining;
    }

    /** One row each, numbers of all workers together. */
    List<Views.Address> addresses() {
        return network.addresses().stream()
                .map(address -> address(address, 0, pools.pool(address, ALL)))
                .toList();
    }

    /** The master's rows, which have no pools, then each worker's. */
    List<Views.Address> addressesPerWorker(int workers) {
        List<Views.Address> rows = new ArrayList<>();
        for (InterfaceAddress address : network.addresses()) {
            rows.add(address(address, 0, null));
        }
        for (int worker = 0; worker < workers; worker++) {
            for (InterfaceAddress address : network.addresses()) {
                rows.add(address(address, worker + 1, pools.pool(address, worker)));
            }
        }
        return rows;
    }

    static List<Views.Route> routes(NetworkConfiguration network, boolean ipv6) {
        return network.routes().stream()
                .filter(route -> route.isIpv4() != ipv6)
                .map(route -> route(network, route))
                .toList();
    }

    private Views.Address address(InterfaceAddress added, int worker, Views.@Nullable Pool pool) {
        InterfaceAddress address = remaining.apply(added);
        return new Views.Address(
                worker,
                IpAddress.of(address.address()),
                address.prefixLength(),
                address.scope(),
                address.device().name(),
                orNone(address.broadcast()),
                address.validSeconds(),
                address.preferredSeconds(),
                pool,
                address.automatic(),
                address.state().name().toLowerCase(Locale.ROOT));
    }

    private static Views.Route route(NetworkConfiguration network, Route route) {
        return new Views.Route(
                IpAddress.of(route.prefix()),
                route.length(),
                orNone(route.gateway()),
                orNone(route.source()),
                route.device().name(),
                route.mtu(),
                route.metric(),
                route.scope().name().toLowerCase(Locale.ROOT),
                isAutomatic(network, route.prefix()) || isAutomatic(network, route.source()));
    }

    private static boolean isAutomatic(NetworkConfiguration network, Address address) {
        InterfaceAddress own = network.address(address);
        return own != null && own.automatic();
    }

    private static @Nullable IpAddress orNone(Address address) {
        return address.isNone() ? null : IpAddress.of(address);
    }
}

package jdpvs.balancer.service;

import java.util.List;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * All services of one moment: immutable, read by workers without locks. The next one is made by a {@link ServiceTransaction} of the
 * {@link ServiceTable}.
 */
public final class ServiceConfiguration {
    /** No services. */
    public static final ServiceConfiguration EMPTY = new ServiceConfiguration(0, List.of());

    private final long version;
    private final List<Service> services;
    private final AddressTable<Service> byEndpoint;
    private final AddressTable<Boolean> virtualAddresses;
    private final AddressTable<LocalAddress> localAddresses;
    private final @Nullable Service[] byId;
    private final @Nullable Server[] servers;

    ServiceConfiguration(long version, List<Service> services) {
        this.version = version;
        this.services = List.copyOf(services);
        this.byEndpoint = new AddressTable<>(services.size());
        this.virtualAddresses = new AddressTable<>(services.size());
        int highestService = -1;
        int highestServer = -1;
        int lips = 0;
        for (Service service : services) {
            highestService = Math.max(highestService, service.id());
            lips += service.localAddresses().length;
            for (Server server : service.servers()) {
                highestServer = Math.max(highestServer, server.id());
            }
        }
        this.byId = new Service[highestService + 1];
        this.servers = new Server[highestServer + 1];
        this.localAddresses = new AddressTable<>(lips);
        for (Service service : services) {
            byEndpoint.put(service.address(), detail(service.protocol().number(), service.port()), service);
            virtualAddresses.put(service.address(), 0, Boolean.TRUE);
            byId[service.id()] = service;
            for (Server server : service.servers()) {
                servers[server.id()] = server;
            }
            for (LocalAddress local : service.localAddresses()) {
                localAddresses.put(local.address(), 0, local);
            }
        }
    }

    private static int detail(int protocol, int port) {
        return protocol << 16 | port;
    }

    /** Higher than that of every earlier configuration of the table; see {@link ServiceTable#reclaim}. */
    public long version() {
        return version;
    }

    /** In the order in which they were added. */
    public List<Service> services() {
        return services;
    }

    /**
     * The service of an address, given as the halves of {@link Address}, and port, or null. Allocates nothing.
     *
     * @param protocol IANA number
     */
    public @Nullable Service lookup(int protocol, long high, long low, int port) {
        return byEndpoint.get(high, low, detail(protocol, port));
    }

    /** Of IPv4. */
    public @Nullable Service lookup(int protocol, int address, int port) {
        return lookup(protocol, 0, Address.mapped(address), port);
    }

    public @Nullable Service service(VirtualEndpoint endpoint) {
        Address address = endpoint.address();
        return lookup(endpoint.protocol().number(), address.high(), address.low(), endpoint.port());
    }

    /** Whether any service has this address, whatever the port. Allocates nothing. */
    public boolean isVirtualAddress(long high, long low) {
        return virtualAddresses.contains(high, low, 0);
    }

    /** Whether the address is a local address of a service. Allocates nothing. */
    public boolean isLocalAddress(long high, long low) {
        return localAddresses.contains(high, low, 0);
    }

    /** Of IPv4. */
    public boolean isVirtualAddress(int address) {
        return isVirtualAddress(0, Address.mapped(address));
    }

    /** Of IPv4. */
    public boolean isLocalAddress(int address) {
        return isLocalAddress(0, Address.mapped(address));
    }

    /** The local address with this address, or null. */
    public @Nullable LocalAddress localAddress(Address address) {
        return localAddresses.get(address.high(), address.low(), 0);
    }

    /** The server with this id, or null when it was removed; removed servers may still have connections. Allocates nothing. */
    public @Nullable Server server(int id) {
        return id < servers.length ? servers[id] : null;
    }

    /** The service with this id, or null when it was removed. Allocates nothing. */
    public @Nullable Service service(int id) {
        return id < byId.length ? byId[id] : null;
    }
}

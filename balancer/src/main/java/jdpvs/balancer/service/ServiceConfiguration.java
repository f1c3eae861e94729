package jdpvs.balancer.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All services of one moment: immutable, read by workers without locks. The next one is made by a {@link ServiceTransaction} of the
 * {@link ServiceTable}.
 */
public final class ServiceConfiguration {
    /** No services. */
    public static final ServiceConfiguration EMPTY = new ServiceConfiguration(0, List.of());

    /** Keeps keys above 0, which marks a free slot. */
    private static final long PRESENT = 1L << 62;

    private final long version;
    private final List<Service> services;
    private final LongTable<Service> byEndpoint;
    private final LongTable<Boolean> virtualAddresses;
    private final LongTable<LocalAddress> localAddresses;
    private final @Nullable Service[] byId;
    private final @Nullable Server[] servers;

    ServiceConfiguration(long version, List<Service> services) {
        this.version = version;
        this.services = List.copyOf(services);
        this.byEndpoint = new LongTable<>(services.size());
        this.virtualAddresses = new LongTable<>(services.size());
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
        this.localAddresses = new LongTable<>(lips);
        for (Service service : services) {
            byEndpoint.put(key(service.protocol().number(), service.address(), service.port()), service);
            virtualAddresses.put(key(0, service.address(), 0), Boolean.TRUE);
            byId[service.id()] = service;
            for (Server server : service.servers()) {
                servers[server.id()] = server;
            }
            for (LocalAddress local : service.localAddresses()) {
                localAddresses.put(key(0, local.address(), 0), local);
            }
        }
    }

    private static long key(int protocol, int address, int port) {
        return PRESENT | (long) protocol << 48 | (long) port << 32 | (address & 0xffff_ffffL);
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
     * The service of an address and port, or null. Allocates nothing.
     *
     * @param protocol IANA number
     */
    public @Nullable Service lookup(int protocol, int address, int port) {
        return byEndpoint.get(key(protocol, address, port));
    }

    public @Nullable Service service(VirtualEndpoint endpoint) {
        return lookup(endpoint.protocol().number(), endpoint.address(), endpoint.port());
    }

    /** Whether any service has this address, whatever the port. Allocates nothing. */
    public boolean isVirtualAddress(int address) {
        return virtualAddresses.contains(key(0, address, 0));
    }

    /** Whether the address is a local address of a service. Allocates nothing. */
    public boolean isLocalAddress(int address) {
        return localAddresses.contains(key(0, address, 0));
    }

    /** The local address with this address, or null. Allocates nothing. */
    public @Nullable LocalAddress localAddress(int address) {
        return localAddresses.get(key(0, address, 0));
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

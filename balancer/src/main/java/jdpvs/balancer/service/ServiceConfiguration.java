package jdpvs.balancer.service;

import org.jspecify.annotations.Nullable;

/** All services of one moment: immutable, changed by making the next one, read by workers without locks. */
public interface ServiceConfiguration {
    /** The service of an address and port, or null. Allocates nothing. */
    @Nullable Service lookup(int protocol, int address, int port);

    /** Whether any service has this address, whatever the port. Allocates nothing. */
    boolean isVirtualAddress(int address);

    /** Whether the address is a local address of a service. Allocates nothing. */
    boolean isLocalAddress(int address);

    /** The server with this id, or null when it was removed; removed servers may still have connections. Allocates nothing. */
    @Nullable Server server(int id);

    /** The service with this id, or null when it was removed. Allocates nothing. */
    @Nullable Service service(int id);
}

package jdpvs.balancer.service;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import jdpvs.wire.Address;

/**
 * Which id belongs to what, beyond the life of configurations. What a configuration no longer has is <em>retired</em>: it keeps its id while
 * connections refer to it, and gets it back when it is added again meanwhile, so that old connections count for it again.
 */
final class Identities {
    private static final long LIVE = Long.MAX_VALUE;

    private final IdentityAllocator serviceIds;
    private final IdentityAllocator serverIds;
    private final IdentityAllocator localAddressIds;
    private final Map<VirtualEndpoint, OfService> services = new HashMap<>();
    private final Map<Address, OfLocalAddress> localAddresses = new HashMap<>();
    private final Set<OfServer> retiredServers = new LinkedHashSet<>();
    private final Set<OfService> retiredServices = new LinkedHashSet<>();
    private final Set<OfLocalAddress> retiredLocalAddresses = new LinkedHashSet<>();

    /** Compared by identity, like the other two. */
    static final class OfService {
        final VirtualEndpoint endpoint;
        final int id;
        final int generation;
        final Map<ServerEndpoint, OfServer> servers = new HashMap<>();
        long retiredAtVersion = LIVE;

        OfService(VirtualEndpoint endpoint, int id, int generation) {
            this.endpoint = endpoint;
            this.id = id;
            this.generation = generation;
        }
    }

    static final class OfServer {
        final OfService service;
        final ServerEndpoint endpoint;
        final int id;
        final int generation;
        long retiredAtVersion = LIVE;

        OfServer(OfService service, ServerEndpoint endpoint, int id, int generation) {
            this.service = service;
            this.endpoint = endpoint;
            this.id = id;
            this.generation = generation;
        }
    }

    static final class OfLocalAddress {
        final Address address;
        final int id;
        /** Services that have it. */
        int uses;

        long retiredAtVersion = LIVE;

        OfLocalAddress(Address address, int id) {
            this.address = address;
            this.id = id;
        }
    }

    Identities(Limits limits) {
        this.serviceIds = new IdentityAllocator(limits.services());
        this.serverIds = new IdentityAllocator(limits.servers());
        this.localAddressIds = new IdentityAllocator(limits.localAddresses());
    }

    int freeServices() {
        return serviceIds.available();
    }

    int freeServers() {
        return serverIds.available();
    }

    int freeLocalAddresses() {
        return localAddressIds.available();
    }

    boolean knows(VirtualEndpoint service) {
        return services.containsKey(service);
    }

    boolean knows(VirtualEndpoint service, ServerEndpoint server) {
        OfService identity = services.get(service);
        return identity != null && identity.servers.containsKey(server);
    }

    boolean knowsLocalAddress(Address address) {
        return localAddresses.containsKey(address);
    }

    /** How many live services have it. */
    int localAddressUses(Address address) {
        OfLocalAddress identity = localAddresses.get(address);
        return identity == null ? 0 : identity.uses;
    }

    /** Makes it live, with its old id when it still has one. */
    OfService enliven(VirtualEndpoint endpoint) {
        OfService identity = services.get(endpoint);
        if (identity == null) {
            int id = serviceIds.allocate();
            identity = new OfService(endpoint, id, serviceIds.generation(id));
            services.put(endpoint, identity);
        } else if (identity.retiredAtVersion != LIVE) {
            identity.retiredAtVersion = LIVE;
            retiredServices.remove(identity);
        }
        return identity;
    }

    OfServer enliven(OfService service, ServerEndpoint endpoint) {
        OfServer identity = service.servers.get(endpoint);
        if (identity == null) {
            int id = serverIds.allocate();
            identity = new OfServer(service, endpoint, id, serverIds.generation(id));
            service.servers.put(endpoint, identity);
        } else if (identity.retiredAtVersion != LIVE) {
            identity.retiredAtVersion = LIVE;
            retiredServers.remove(identity);
        }
        return identity;
    }

    /** The address of a live service's list gets one more use. */
    int useLocalAddress(Address address) {
        OfLocalAddress identity =
                localAddresses.computeIfAbsent(address, a -> new OfLocalAddress(a, localAddressIds.allocate()));
        if (identity.retiredAtVersion != LIVE) {
            identity.retiredAtVersion = LIVE;
            retiredLocalAddresses.remove(identity);
        }
        identity.uses++;
        return identity.id;
    }

    void unuseLocalAddress(Address address, long version) {
        OfLocalAddress identity = localAddresses.get(address);
        if (identity != null && --identity.uses == 0) {
            identity.retiredAtVersion = version;
            retiredLocalAddresses.add(identity);
        }
    }

    /** @param version the first configuration without it */
    void retire(VirtualEndpoint service, long version) {
        OfService identity = services.get(service);
        if (identity != null && identity.retiredAtVersion == LIVE) {
            identity.retiredAtVersion = version;
            retiredServices.add(identity);
        }
    }

    void retire(VirtualEndpoint service, ServerEndpoint server, long version) {
        OfService identity = services.get(service);
        OfServer retired = identity == null ? null : identity.servers.get(server);
        if (retired != null && retired.retiredAtVersion == LIVE) {
            retired.retiredAtVersion = version;
            retiredServers.add(retired);
        }
    }

    /** Frees what was retired by this version and has no connections; returns how many ids. */
    int reclaim(long version, IntPredicate serverIdle, IntPredicate localAddressIdle) {
        int freed = 0;
        for (Iterator<OfServer> each = retiredServers.iterator(); each.hasNext(); ) {
            OfServer server = each.next();
            if (server.retiredAtVersion <= version && serverIdle.test(server.id)) {
                each.remove();
                server.service.servers.remove(server.endpoint);
                serverIds.free(server.id);
                freed++;
            }
        }
        for (Iterator<OfService> each = retiredServices.iterator(); each.hasNext(); ) {
            OfService service = each.next();
            if (service.retiredAtVersion <= version && service.servers.isEmpty()) {
                each.remove();
                services.remove(service.endpoint);
                serviceIds.free(service.id);
                freed++;
            }
        }
        for (Iterator<OfLocalAddress> each = retiredLocalAddresses.iterator(); each.hasNext(); ) {
            OfLocalAddress local = each.next();
            if (local.retiredAtVersion <= version && localAddressIdle.test(local.id)) {
                each.remove();
                localAddresses.remove(local.address);
                localAddressIds.free(local.id);
                freed++;
            }
        }
        return freed;
    }

    int retired() {
        return retiredServers.size() + retiredServices.size() + retiredLocalAddresses.size();
    }
}

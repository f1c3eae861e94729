package jdpvs.balancer.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jdpvs.balancer.service.ServiceDraft.ServerDraft;
import jdpvs.balancer.service.ServiceException.Kind;
import jdpvs.wire.Address;

/**
 * Changes of services that become one new {@link ServiceConfiguration}, or nothing. Every method either applies its change to the draft or
 * throws and leaves the draft as it was; which refusal goes with which action is DPVS's (facts: cli §4.7). Thousands of changes cost as much
 * as copying the table once.
 */
public final class ServiceTransaction {
    private final ServiceTable table;
    private final ServiceConfiguration base;
    private final Identities identities;

    /** Services that this transaction adds or looked at closely; those it adds are in the order of adding. */
    private final Map<VirtualEndpoint, ServiceDraft> drafts = new LinkedHashMap<>();

    /** Services of the base that go, also when they are added again. */
    private final Set<VirtualEndpoint> removed = new HashSet<>();

    /** What this transaction adds that has no id yet; bounded by the free ids. */
    private final Set<VirtualEndpoint> newServices = new HashSet<>();

    private final Set<NewServer> newServers = new HashSet<>();

    /** Per local address that this transaction touches: its device and how many services of the draft have it. */
    private final Map<Address, LocalUse> localUses = new HashMap<>();

    private int newLocalAddresses;

    private record NewServer(VirtualEndpoint service, ServerEndpoint server) {}

    private record LocalUse(int device, int services) {}

    ServiceTransaction(ServiceTable table, ServiceConfiguration base, Identities identities) {
        this.table = table;
        this.base = base;
        this.identities = identities;
    }

    /** @throws ServiceException EXISTS, NOT_EXIST (scheduler), NOT_SUPPORTED, INVALID or NO_ROOM */
    public ServiceTransaction addService(VirtualEndpoint endpoint, ServiceSettings settings) throws ServiceException {
        endpoint.validate();
        if (hasService(endpoint)) {
            throw new ServiceException(Kind.EXISTS, "service " + endpoint + "; edit it or delete it first");
        }
        settings.validate(endpoint);
        if (!identities.knows(endpoint)) {
            if (newServices.size() >= identities.freeServices()) {
                throw new ServiceException(
                        Kind.NO_ROOM,
                        "service " + endpoint + ": all " + table.limits().services() + " service ids are taken");
            }
            newServices.add(endpoint);
        }
        drafts.put(endpoint, new ServiceDraft(endpoint, settings));
        return this;
    }

    /** Replaces all settings; servers and local addresses stay. @throws ServiceException INVALID when there is no such service, or as for adding */
    public ServiceTransaction editService(VirtualEndpoint endpoint, ServiceSettings settings) throws ServiceException {
        ServiceDraft draft = existing(endpoint, Kind.INVALID);
        settings.validate(endpoint);
        draft.settings = settings;
        draft.changed = true;
        return this;
    }

    /** @throws ServiceException INVALID when there is no such service */
    public ServiceTransaction deleteService(VirtualEndpoint endpoint) throws ServiceException {
        forget(existing(endpoint, Kind.INVALID));
        return this;
    }

    /** All services go. */
    public ServiceTransaction clear() {
        for (Service service : base.services()) {
            if (!removed.contains(service.endpoint())) {
                drafts.computeIfAbsent(service.endpoint(), e -> new ServiceDraft(service));
            }
        }
        List.copyOf(drafts.values()).forEach(this::forget);
        return this;
    }

    /** @throws ServiceException INVALID when there is no such service, EXISTS, NOT_SUPPORTED, INVALID or NO_ROOM */
    public ServiceTransaction addServer(VirtualEndpoint service, ServerEndpoint server, ServerSettings settings)
            throws ServiceException {
        ServiceDraft draft = existing(service, Kind.INVALID);
        server.validate();
        if (draft.servers().containsKey(server)) {
            throw new ServiceException(
                    Kind.EXISTS, "server " + server + " of service " + service + "; edit it or delete it first");
        }
        settings.validate(server, service);
        if (!identities.knows(service, server)) {
            if (newServers.size() >= identities.freeServers()) {
                throw new ServiceException(
                        Kind.NO_ROOM,
                        "server " + server + " of service " + service + ": all "
                                + table.limits().servers() + " server ids are taken");
            }
            newServers.add(new NewServer(service, server));
        }
        draft.servers().put(server, new ServerDraft(settings, true));
        draft.changed = true;
        return this;
    }

    /** Its id and counts stay. @throws ServiceException INVALID when there is no such service, NOT_EXIST when no such server, or as for adding */
    public ServiceTransaction editServer(VirtualEndpoint service, ServerEndpoint server, ServerSettings settings)
            throws ServiceException {
        ServiceDraft draft = existing(service, Kind.INVALID);
        ServerDraft edited = existing(draft, server);
        settings.validate(server, service);
        draft.servers().put(server, new ServerDraft(settings, edited.added()));
        draft.changed = true;
        return this;
    }

    /** Its connections go on. @throws ServiceException INVALID when there is no such service, NOT_EXIST when no such server */
    public ServiceTransaction deleteServer(VirtualEndpoint service, ServerEndpoint server) throws ServiceException {
        ServiceDraft draft = existing(service, Kind.INVALID);
        existing(draft, server);
        draft.servers().remove(server);
        newServers.remove(new NewServer(service, server));
        draft.changed = true;
        return this;
    }

    /**
     * @param device id of the device that it was put on
     * @throws ServiceException NO_SERVICE when there is no such service, EXISTS, INVALID or NO_ROOM
     */
    public ServiceTransaction addLocalAddress(VirtualEndpoint service, Address address, int device)
            throws ServiceException {
        ServiceDraft draft = existing(service, Kind.NO_SERVICE);
        Checks.unicast(address, "local address", "service " + service);
        if (draft.localAddresses().stream().anyMatch(local -> local.address().equals(address))) {
            throw new ServiceException(Kind.EXISTS, "local address " + address + " of service " + service);
        }
        LocalUse used = uses(address);
        if (used.services > 0 && used.device != device) {
            throw new ServiceException(
                    Kind.EXISTS,
                    "local address " + address + " serves another service on another device;"
                            + " use it on that device for service " + service + " too");
        }
        if (used.services == 0 && !identities.knowsLocalAddress(address)) {
            if (newLocalAddresses >= identities.freeLocalAddresses()) {
                throw new ServiceException(
                        Kind.NO_ROOM,
                        "local address " + address + " of service " + service + ": all "
                                + table.limits().localAddresses() + " local address ids are taken");
            }
            newLocalAddresses++;
        }
        localUses.put(address, new LocalUse(device, used.services + 1));
        draft.localAddresses().add(new LocalAddress(-1, address, device));
        draft.changed = true;
        return this;
    }

    /** Of IPv4. */
    public ServiceTransaction addLocalAddress(VirtualEndpoint service, int address, int device)
            throws ServiceException {
        return addLocalAddress(service, Address.ofIpv4(address), device);
    }

    /** @throws ServiceException NO_SERVICE when there is no such service, NOT_EXIST when it lacks the address */
    public ServiceTransaction deleteLocalAddress(VirtualEndpoint service, Address address) throws ServiceException {
        ServiceDraft draft = existing(service, Kind.NO_SERVICE);
        if (!draft.localAddresses().removeIf(local -> local.address().equals(address))) {
            throw new ServiceException(Kind.NOT_EXIST, "local address " + address + " of service " + service);
        }
        unuse(address);
        draft.changed = true;
        return this;
    }

    /** Whether a service of the draft has the local address: tells whether it may leave its device. */
    public boolean usesLocalAddress(Address address) {
        return uses(address).services > 0;
    }

    /** Id of the device that the local address is on, or -1 when no service has it. */
    public int localAddressDevice(Address address) {
        LocalUse used = uses(address);
        return used.services > 0 ? used.device : -1;
    }

    /** Whether the address is the virtual address of a service of the draft. */
    public boolean usesVirtualAddress(Address address) {
        return drafts.keySet().stream().anyMatch(endpoint -> endpoint.address().equals(address))
                || base.services().stream()
                        .anyMatch(
                                service -> service.address().equals(address) && !removed.contains(service.endpoint()));
    }

    /** Whether the draft has the service. */
    public boolean hasService(VirtualEndpoint endpoint) {
        return drafts.containsKey(endpoint) || (!removed.contains(endpoint) && base.service(endpoint) != null);
    }

    /** Makes the draft the table's configuration, to be published to the workers. To be called once, last. */
    public ServiceConfiguration commit() {
        table.expect(base);
        long version = base.version() + 1;
        retireWhatIsGone(version);
        List<Service> services = new ArrayList<>(base.services().size() + drafts.size());
        for (Service service : base.services()) {
            if (!removed.contains(service.endpoint())) {
                ServiceDraft draft = drafts.get(service.endpoint());
                services.add(draft == null || !draft.changed ? service : build(draft));
            }
        }
        for (ServiceDraft draft : drafts.values()) {
            if (draft.before == null) {
                services.add(build(draft));
            }
        }
        ServiceConfiguration next = new ServiceConfiguration(version, services);
        table.replace(next);
        return next;
    }

    private void retireWhatIsGone(long version) {
        for (VirtualEndpoint endpoint : removed) {
            Service service = Objects.requireNonNull(base.service(endpoint));
            retire(service, Set.of(), version);
            identities.retire(endpoint, version);
        }
        for (ServiceDraft draft : drafts.values()) {
            if (draft.before != null && draft.changed) {
                retire(draft.before, draft.servers().keySet(), version);
            }
        }
    }

    /** Local addresses all count as gone: those that stay come to life again when the service is built. */
    private void retire(Service service, Set<ServerEndpoint> kept, long version) {
        for (Server server : service.servers()) {
            if (!kept.contains(server.endpoint())) {
                identities.retire(service.endpoint(), server.endpoint(), version);
            }
        }
        for (LocalAddress local : service.localAddresses()) {
            identities.unuseLocalAddress(local.address(), version);
        }
    }

    private Service build(ServiceDraft draft) {
        Identities.OfService identity = identities.enliven(draft.endpoint);
        Map<ServerEndpoint, ServerDraft> drafted = draft.servers();
        Server[] servers = new Server[drafted.size()];
        int at = servers.length;
        for (Map.Entry<ServerEndpoint, ServerDraft> each : drafted.entrySet()) {
            Identities.OfServer server = identities.enliven(identity, each.getKey());
            if (each.getValue().added()) {
                table.statistics().zero(server.id);
            }
            servers[--at] = new Server(
                    server.id,
                    server.generation,
                    identity.id,
                    each.getKey(),
                    each.getValue().settings());
        }
        LocalAddress[] localAddresses = draft.localAddresses().stream()
                .map(local ->
                        new LocalAddress(identities.useLocalAddress(local.address()), local.address(), local.device()))
                .toArray(LocalAddress[]::new);
        return new Service(
                identity.id,
                identity.generation,
                draft.endpoint,
                draft.settings,
                Schedulers.validated(draft.settings.scheduler()),
                ProxyProtocol.of(draft.settings.proxyProtocol()),
                servers,
                localAddresses);
    }

    private ServiceDraft existing(VirtualEndpoint endpoint, Kind otherwise) throws ServiceException {
        ServiceDraft draft = drafts.get(endpoint);
        if (draft != null) {
            return draft;
        }
        Service service = removed.contains(endpoint) ? null : base.service(endpoint);
        if (service == null) {
            // The phrase of NO_SERVICE says it already.
            throw new ServiceException(
                    otherwise,
                    otherwise == Kind.NO_SERVICE
                            ? endpoint + "; add it first"
                            : "service " + endpoint + " does not exist");
        }
        draft = new ServiceDraft(service);
        drafts.put(endpoint, draft);
        return draft;
    }

    private static ServerDraft existing(ServiceDraft draft, ServerEndpoint server) throws ServiceException {
        ServerDraft found = draft.servers().get(server);
        if (found == null) {
            throw new ServiceException(Kind.NOT_EXIST, "server " + server + " of service " + draft.endpoint);
        }
        return found;
    }

    /** Takes a service out of the draft and of the bookkeeping. */
    private void forget(ServiceDraft draft) {
        newServices.remove(draft.endpoint);
        if (!newServers.isEmpty()) {
            draft.servers().keySet().forEach(server -> newServers.remove(new NewServer(draft.endpoint, server)));
        }
        draft.localAddresses().forEach(local -> unuse(local.address()));
        drafts.remove(draft.endpoint);
        if (draft.before != null) {
            removed.add(draft.endpoint);
        }
    }

    /** As the draft has it: what this transaction made of it, else as the configuration before. */
    private LocalUse uses(Address address) {
        LocalUse touched = localUses.get(address);
        if (touched != null) {
            return touched;
        }
        LocalAddress local = base.localAddress(address);
        return local == null ? new LocalUse(-1, 0) : new LocalUse(local.device(), identities.localAddressUses(address));
    }

    private void unuse(Address address) {
        LocalUse used = uses(address);
        localUses.put(address, new LocalUse(used.device, used.services - 1));
        if (used.services == 1 && !identities.knowsLocalAddress(address)) {
            newLocalAddresses--;
        }
    }
}

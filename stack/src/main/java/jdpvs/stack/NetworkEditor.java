package jdpvs.stack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import jdpvs.stack.NetworkException.Kind;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/**
 * Steps from one {@link NetworkConfiguration} to the next; many steps cost one {@link #build}. Used by one thread and for one build.
 *
 * <p>Two routes are the same route when prefix, length, device and kind (host or network) agree, as in DPVS: metric is ignored, and of equal
 * prefixes on several devices the first one added is used (facts: behaviour §12).
 */
public final class NetworkEditor {
    /** The least MTU of IPv4 (RFC 791 §3.2); IPv6's is {@link Ipv6#MINIMUM_MTU}. */
    private static final int MINIMUM_MTU_IPV4 = 68;

    private record RouteKey(Address prefix, int length, int device) {}

    private record NeighbourKey(Address address, int device) {}

    private final List<Device> devices;
    private StackSettings settings;
    private final Map<Address, InterfaceAddress> addressesBefore;
    private final Map<Address, InterfaceAddress> addresses;
    private boolean addressesChanged;
    private final Map<RouteKey, Route> hostRoutes = new LinkedHashMap<>();
    private final Map<RouteKey, Route> networkRoutes = new LinkedHashMap<>();
    private Map<Address, Device> draining;
    private Map<Address, Device> kernelAddresses;
    private Set<Address> kernelHasToo;
    private final Map<NeighbourKey, StaticNeighbour> neighbours = new LinkedHashMap<>();

    NetworkEditor(NetworkConfiguration from) {
        devices = new ArrayList<>(from.devices());
        settings = from.settings();
        addressesBefore = from.addressesAdded();
        addresses = new LinkedHashMap<>(addressesBefore);
        draining = from.draining();
        kernelAddresses = from.kernelAddresses();
        kernelHasToo = from.kernelHasToo();
        from.hostRoutesAdded().forEach(route -> hostRoutes.put(key(route), route));
        from.networkRoutesAdded().forEach(route -> networkRoutes.put(key(route), route));
        from.staticNeighbours().forEach(this::put);
    }

    public NetworkConfiguration build() {
        return new NetworkConfiguration(
                devices,
                settings,
                addressesChanged ? new LinkedHashMap<>(addresses) : addressesBefore,
                new ArrayList<>(hostRoutes.values()),
                new ArrayList<>(networkRoutes.values()),
                new ArrayList<>(neighbours.values()),
                draining,
                kernelAddresses,
                kernelHasToo);
    }

    /** As edited so far. @throws NetworkException NOT_EXIST, naming the devices there are */
    public Device device(String name) throws NetworkException {
        return NetworkConfiguration.device(devices, name);
    }

    /** As edited so far. */
    public List<Device> devices() {
        return List.copyOf(devices);
    }

    /** As edited so far. */
    public List<InterfaceAddress> addresses() {
        return List.copyOf(addresses.values());
    }

    /** As edited so far; null when no device has it. */
    public @Nullable InterfaceAddress address(Address address) {
        return addresses.get(address);
    }

    /**
     * Adds an interface address with its host route and, when the prefix is shorter than the address, the link route of its network with the address
     * as source. A prefix length of 0 means the whole address, 32 or 128.
     *
     * @throws NetworkException EXISTS when the address is on a device already, or the kernel's; INVALID, NOT_EXIST for an unknown device
     */
    public NetworkEditor addAddress(InterfaceAddress requested) throws NetworkException {
        InterfaceAddress address = requested.prefixLength() == 0 ? requested.withHostPrefix() : requested;
        Device device = known(address.device());
        Address name = address.address();
        checkHost(address.address(), "address");
        if (address.prefixLength() < 1 || address.prefixLength() > name.bits()) {
            throw invalid(
                    "the prefix length of " + name + " is " + address.prefixLength() + ", not 0 to " + name.bits());
        }
        InterfaceAddress existing = addresses.get(address.address());
        if (existing != null) {
            throw new NetworkException(
                    Kind.EXISTS, "address " + name + " on " + existing.device().name() + "; delete it first");
        }
        Device kernels = kernelAddresses.get(name);
        if (kernels != null && !address.automatic()) {
            throw new NetworkException(
                    Kind.EXISTS,
                    "address " + name + " on the kernel interface of " + kernels.name()
                            + "; take it off there first (ip addr del)");
        }
        addresses.put(address.address(), address);
        addressesChanged = true;
        if (address.isAssigned()) {
            putIfAbsent(hostRoutes, host(address.address(), device, RouteScope.HOST));
        }
        if (address.prefixLength() < name.bits()) {
            putIfAbsent(networkRoutes, link(address, device));
        }
        return this;
    }

    /**
     * Removes an interface address and the routes that came with it. When another address of the same network stays on the device, the link
     * route stays with that address as its source.
     *
     * @param prefixLength 0 = whatever it has; another one than it has is another address
     * @throws NetworkException NOT_EXIST
     */
    public NetworkEditor deleteAddress(Address address, int prefixLength, Device device) throws NetworkException {
        InterfaceAddress existing = addresses.get(address);
        boolean same = existing != null
                && existing.device().id() == device.id()
                && (prefixLength == 0 || prefixLength == existing.prefixLength());
        if (existing == null || !same) {
            String where = existing == null
                    ? ""
                    : "; " + address + "/" + existing.prefixLength() + " is on "
                            + existing.device().name();
            throw new NetworkException(
                    Kind.NOT_EXIST,
                    "address " + address + (prefixLength == 0 ? "" : "/" + prefixLength) + " on " + device.name()
                            + where);
        }
        remove(existing);
        return this;
    }

    /**
     * Ends duplicate detection of an address: it becomes dpvs's own, or stays nobody's. Nothing when it is not tentative any more.
     *
     * @param state ASSIGNED or DUPLICATE
     */
    public NetworkEditor detected(Address address, AddressState state) {
        InterfaceAddress existing = addresses.get(address);
        if (existing != null && existing.state() == AddressState.TENTATIVE) {
            addresses.put(address, existing.in(state));
            addressesChanged = true;
            if (state == AddressState.ASSIGNED) {
                putIfAbsent(hostRoutes, host(address, existing.device(), RouteScope.HOST));
            }
        }
        return this;
    }

    /** Removes all addresses of a device but its automatic ones; one without any is no error. */
    public NetworkEditor flushAddresses(Device device) {
        for (InterfaceAddress address : List.copyOf(addresses.values())) {
            if (address.device().id() == device.id() && !address.automatic()) {
                remove(address);
            }
        }
        return this;
    }

    /**
     * Adds a route. Adding one that exists changes nothing and is no error (facts: cli §3.2). Gateways need not be reachable on the link; dpvs
     * asks for them there anyway.
     *
     * @throws NetworkException INVALID without a device, for a host scope without /32 or with a gateway, for an impossible MTU or address
     */
    public NetworkEditor addRoute(RouteRequest request) throws NetworkException {
        Device device = checked(request);
        int mtu = request.mtu() == 0 ? device.mtu() : request.mtu();
        int least = request.prefix().isIpv4() ? MINIMUM_MTU_IPV4 : Ipv6.MINIMUM_MTU;
        if (mtu < least || mtu > device.mtu()) {
            throw invalid("the MTU of " + name(request) + " is " + mtu + ", not " + least + " to " + device.mtu()
                    + ", the MTU of " + device.name());
        }
        if (!request.gateway().isNone()) {
            checkHost(request.gateway(), "gateway");
        }
        if (request.isHost() && !request.gateway().isNone()) {
            throw invalid("the route " + name(request) + " is to a local address and cannot have a gateway");
        }
        RouteScope scope = request.scope();
        if (scope == null || !request.isHost()) {
            scope = request.gateway().isNone() ? RouteScope.LINK : RouteScope.GLOBAL;
        }
        Route route = new Route(
                request.prefix().network(request.length()),
                request.length(),
                request.gateway(),
                request.source(),
                device,
                mtu,
                request.metric(),
                scope);
        putIfAbsent(request.isHost() ? hostRoutes : networkRoutes, route);
        return this;
    }

    /**
     * Deletes a route; one that is not there is no error (facts: cli §3.2). A given gateway must agree. Without a scope a /32 means the network
     * route or, when there is none, the kni_host route; the host route of an own address goes only with {@code scope host}.
     *
     * @throws NetworkException INVALID as for {@link #addRoute}
     */
    public NetworkEditor deleteRoute(RouteRequest request) throws NetworkException {
        Device device = checked(request);
        RouteKey key = new RouteKey(request.prefix().network(request.length()), request.length(), device.id());
        Route host = hostRoutes.get(key);
        if (request.isHost()) {
            if (host != null && host.scope() == request.scope()) {
                hostRoutes.remove(key);
            }
            return this;
        }
        Route network = networkRoutes.get(key);
        if (network != null) {
            if (request.gateway().isNone() || request.gateway().equals(network.gateway())) {
                networkRoutes.remove(key);
            }
        } else if (host != null
                && host.scope() == RouteScope.KNI_HOST
                && request.gateway().isNone()) {
            hostRoutes.remove(key);
        }
        return this;
    }

    /** Removes a family's routes, of one device or of all (null), except the host routes of interface addresses: those go with their address. */
    public NetworkEditor flushRoutes(boolean ipv6, @Nullable Device device) {
        Predicate<Route> meant = route ->
                route.isIpv4() != ipv6 && (device == null || route.device().id() == device.id());
        networkRoutes.values().removeIf(meant);
        hostRoutes
                .values()
                .removeIf(route -> meant.test(route)
                        && !(route.scope() == RouteScope.HOST && addresses.containsKey(route.prefix())));
        return this;
    }

    /**
     * Adds a static neighbour; one that exists gets the new MAC address.
     *
     * @throws NetworkException INVALID for an impossible address
     */
    public NetworkEditor addNeighbour(Address address, long macAddress, Device device) throws NetworkException {
        checkHost(address, "neighbour");
        if (!Ethernet.isStation(macAddress) || macAddress >>> 48 != 0) {
            throw invalid("the MAC address of neighbour " + address
                    + " is all zero, broadcast or multicast; give the neighbour's own");
        }
        put(new StaticNeighbour(address, macAddress, known(device)));
        return this;
    }

    /** @throws NetworkException NOT_EXIST when there is no such static neighbour */
    public NetworkEditor deleteNeighbour(Address address, Device device) throws NetworkException {
        if (neighbours.remove(new NeighbourKey(address, device.id())) == null) {
            throw new NetworkException(Kind.NOT_EXIST, "static neighbour " + address + " on " + device.name());
        }
        return this;
    }

    /** What stays local although it is no longer an address of dpvs, because connections still use it. */
    public NetworkEditor draining(Map<Address, Device> stillUsed) {
        draining = stillUsed;
        return this;
    }

    /** The addresses that the kernel has on the kernel interfaces of devices; those dpvs has already stay dpvs's. */
    public NetworkEditor kernelAddresses(Map<Address, Device> addresses) {
        kernelAddresses = addresses;
        return this;
    }

    /** Addresses of dpvs's that the kernel has as well, on whichever interface. */
    public NetworkEditor kernelHasToo(Set<Address> addresses) {
        kernelHasToo = addresses;
        return this;
    }

    public NetworkEditor settings(StackSettings newSettings) {
        settings = newSettings;
        return this;
    }

    /**
     * Puts new facts about a device (MAC address, MTU) in the place of the one with the same id. Routes whose MTU was the device's follow it.
     *
     * @throws NetworkException NOT_EXIST
     */
    public NetworkEditor replaceDevice(Device device) throws NetworkException {
        int place = -1;
        for (int i = 0; i < devices.size(); i++) {
            place = devices.get(i).id() == device.id() ? i : place;
        }
        if (place < 0) {
            throw new NetworkException(Kind.NOT_EXIST, "device with the id " + device.id());
        }
        Device old = devices.set(place, device);
        addressesChanged = true;
        addresses.replaceAll((key, address) -> address.device().id() == device.id() ? address.on(device) : address);
        hostRoutes.replaceAll((key, route) -> moved(route, old, device));
        networkRoutes.replaceAll((key, route) -> moved(route, old, device));
        draining = new LinkedHashMap<>(draining);
        draining.replaceAll((address, on) -> on.id() == device.id() ? device : on);
        kernelAddresses = new LinkedHashMap<>(kernelAddresses);
        kernelAddresses.replaceAll((address, on) -> on.id() == device.id() ? device : on);
        neighbours.replaceAll((key, neighbour) -> neighbour.device().id() == device.id()
                ? new StaticNeighbour(neighbour.address(), neighbour.macAddress(), device)
                : neighbour);
        return this;
    }

    /**
     * Adds a VLAN device.
     *
     * @param device with an id that no other device has, on a device that is no VLAN device
     * @throws NetworkException EXISTS when there is a device of this name, or of this VLAN
     */
    public NetworkEditor addVlan(Device device) throws NetworkException {
        for (Device other : devices) {
            if (other.name().equals(device.name())) {
                throw new NetworkException(Kind.EXISTS, "device " + device.name());
            }
            if (other.parent() == device.parent() && other.vlan() == device.vlan()) {
                throw new NetworkException(Kind.EXISTS, "VLAN " + device.vlan() + " is the device " + other.name());
            }
        }
        devices.add(device);
        return this;
    }

    /**
     * Removes a VLAN device with its addresses, routes and static neighbours.
     *
     * @throws NetworkException NOT_EXIST
     */
    public NetworkEditor deleteVlan(Device device) throws NetworkException {
        int id = known(device).id();
        for (InterfaceAddress address : List.copyOf(addresses.values())) {
            if (address.device().id() == id) {
                remove(address);
            }
        }
        Predicate<Route> there = route -> route.device().id() == id;
        hostRoutes.values().removeIf(there);
        networkRoutes.values().removeIf(there);
        neighbours.keySet().removeIf(neighbour -> neighbour.device() == id);
        draining = new LinkedHashMap<>(draining);
        draining.values().removeIf(on -> on.id() == id);
        devices.removeIf(other -> other.id() == id);
        return this;
    }

    private void remove(InterfaceAddress address) {
        addresses.remove(address.address());
        addressesChanged = true;
        int device = address.device().id();
        hostRoutes.remove(new RouteKey(address.address(), address.address().bits(), device));
        RouteKey key = key(link(address, address.device()));
        Route linkRoute = networkRoutes.get(key);
        if (address.prefixLength() < address.address().bits()
                && linkRoute != null
                && linkRoute.source().equals(address.address())) {
            Route heir = null;
            for (InterfaceAddress other : addresses.values()) {
                if (other.prefixLength() < other.address().bits() && key.equals(key(link(other, other.device())))) {
                    heir = link(other, other.device());
                    break;
                }
            }
            if (heir == null) {
                networkRoutes.remove(key);
            } else {
                networkRoutes.put(key, heir);
            }
        }
    }

    private Device checked(RouteRequest request) throws NetworkException {
        Device device = request.device();
        if (device == null) {
            throw invalid("the route " + name(request) + " names no device; add 'dev DEVICE'");
        }
        int bits = request.prefix().bits();
        if (request.length() < 0 || request.length() > bits) {
            throw invalid("the prefix length of the route is " + request.length() + ", not 0 to " + bits);
        }
        boolean gatewayFits = request.gateway().isNone() || request.gateway().bits() == bits;
        boolean sourceFits = request.source().isNone() || request.source().bits() == bits;
        if (!gatewayFits || !sourceFits) {
            throw invalid("the route " + name(request) + " mixes IPv4 and IPv6 addresses");
        }
        if (request.isHost() && (request.length() != bits || isUnspecified(request.prefix()))) {
            throw invalid("the route " + name(request) + " of scope host or kni_host must be a /" + bits + " address");
        }
        return known(device);
    }

    private Device known(Device device) throws NetworkException {
        for (Device own : devices) {
            if (own.id() == device.id()) {
                return own;
            }
        }
        throw new NetworkException(Kind.NOT_EXIST, "device " + device.name());
    }

    /** What can be the address of one host (RFC 1122 §3.2.1.3, RFC 4291 §2). */
    private static void checkHost(Address address, String what) throws NetworkException {
        int net = address.ipv4() >>> 24;
        boolean possible = address.isIpv4()
                ? net != 0 && net != 127 && net < 224
                : !address.isMulticast() && (address.high() != 0 || address.low() >>> 1 != 0);
        if (!possible) {
            throw invalid("the " + what + " " + address + " cannot be a host's address");
        }
    }

    private static boolean isUnspecified(Address address) {
        return address.isIpv4() ? address.ipv4() == 0 : address.isNone();
    }

    private static NetworkException invalid(String message) {
        return new NetworkException(Kind.INVALID, message);
    }

    private void put(StaticNeighbour neighbour) {
        neighbours.put(new NeighbourKey(neighbour.address(), neighbour.device().id()), neighbour);
    }

    private static void putIfAbsent(Map<RouteKey, Route> routes, Route route) {
        routes.putIfAbsent(key(route), route);
    }

    private static Route moved(Route route, Device old, Device device) {
        if (route.device().id() != device.id()) {
            return route;
        }
        int mtu = route.mtu() == old.mtu() ? device.mtu() : Math.min(route.mtu(), device.mtu());
        return new Route(
                route.prefix(),
                route.length(),
                route.gateway(),
                route.source(),
                device,
                mtu,
                route.metric(),
                route.scope());
    }

    static Route host(Address address, Device device, RouteScope scope) {
        return new Route(address, address.bits(), Address.NONE, Address.NONE, device, device.mtu(), 0, scope);
    }

    private static Route link(InterfaceAddress address, Device device) {
        return new Route(
                address.address().network(address.prefixLength()),
                address.prefixLength(),
                Address.NONE,
                address.address(),
                device,
                device.mtu(),
                0,
                RouteScope.LINK);
    }

    private static RouteKey key(Route route) {
        return new RouteKey(route.prefix(), route.length(), route.device().id());
    }

    private static String name(RouteRequest request) {
        return request.prefix() + "/" + request.length();
    }
}

package jdpvs.stack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * Addresses, routes, static neighbours and switches of one moment: immutable, changed by making the next one. Workers read it without
 * locks; the garbage collector frees old ones.
 *
 * <p>A change goes through {@link #edit}: several steps, then one {@link NetworkEditor#build}; the {@code with…} methods are one step each. A
 * step that is refused throws and changes nothing.
 */
public final class NetworkConfiguration {
    private static final AtomicLong GENERATIONS = new AtomicLong();

    private final List<Device> devices;
    private final @Nullable Device[] deviceById;
    private final @Nullable Route[] linkLocalRoutes;
    private final VlanTable vlans;
    private final StackSettings settings;
    /** In the order of adding; so are the others. */
    private final List<InterfaceAddress> addresses;

    private final Map<Address, InterfaceAddress> tentative;
    private final List<Route> hostRoutes;
    private final List<Route> networkRoutes;
    private final List<StaticNeighbour> staticNeighbours;
    private final Map<Address, InterfaceAddress> addressByValue;
    private final Map<Address, Device> draining;
    private final RouteTables hosts;
    private final RouteTables networks;
    private final RouteTables drainingRoutes;
    private final Map<Address, Device> kernelAddresses;
    private final RouteTables kernels;
    private final Set<Address> kernelHasToo;
    private final RouteTables kernelHasTooRoutes;
    private final SourceAddresses sources;
    private final long generation = GENERATIONS.incrementAndGet();

    NetworkConfiguration(
            List<Device> devices,
            StackSettings settings,
            Map<Address, InterfaceAddress> addressByValue,
            List<Route> hostRoutes,
            List<Route> networkRoutes,
            List<StaticNeighbour> staticNeighbours,
            Map<Address, Device> draining,
            Map<Address, Device> kernelAddresses,
            Set<Address> kernelHasToo) {
        this.devices = List.copyOf(devices);
        this.deviceById = byId(devices);
        this.linkLocalRoutes = linkLocal(deviceById);
        this.vlans = new VlanTable(deviceById.length, devices);
        this.settings = settings;
        this.addressByValue = addressByValue;
        this.addresses = List.copyOf(addressByValue.values());
        this.tentative = addresses.stream()
                .filter(address -> address.state() == AddressState.TENTATIVE)
                .collect(Collectors.toUnmodifiableMap(InterfaceAddress::address, Function.identity()));
        this.hostRoutes = List.copyOf(hostRoutes);
        this.networkRoutes = List.copyOf(networkRoutes);
        this.staticNeighbours = List.copyOf(staticNeighbours);
        this.draining = Map.copyOf(draining);
        this.drainingRoutes = new RouteTables(withDraining(List.of(), draining));
        this.kernelAddresses = Map.copyOf(kernelAddresses);
        List<Route> ofKernel = kernelRoutes();
        this.kernels = new RouteTables(ofKernel);
        this.kernelHasToo = Set.copyOf(kernelHasToo);
        this.kernelHasTooRoutes = new RouteTables(kernelHasTooRoutes());
        this.hosts = new RouteTables(withDraining(byPreference(hostRoutes, ofKernel), draining));
        this.networks = new RouteTables(networkRoutes);
        this.sources = new SourceAddresses(deviceById.length, addresses);
    }

    public static NetworkConfiguration of(List<Device> devices) {
        return of(devices, StackSettings.DEFAULTS);
    }

    public static NetworkConfiguration of(List<Device> devices, StackSettings settings) {
        return new NetworkConfiguration(
                devices, settings, Map.of(), List.of(), List.of(), List.of(), Map.of(), Map.of(), Set.of());
    }

    public List<Device> devices() {
        return devices;
    }

    /** One more than the highest device id. */
    public int deviceLimit() {
        return deviceById.length;
    }

    /** The device with this id, or null. Allocates nothing. */
    public @Nullable Device device(int id) {
        return id >= 0 && id < deviceById.length ? deviceById[id] : null;
    }

    /**
     * The device with this name.
     *
     * @throws NetworkException NOT_EXIST, naming it and the devices there are
     */
    public Device device(String name) throws NetworkException {
        return device(devices, name);
    }

    static Device device(List<Device> devices, String name) throws NetworkException {
        for (Device device : devices) {
            if (device.name().equals(name)) {
                return device;
            }
        }
        List<String> names = devices.stream().map(Device::name).toList();
        throw new NetworkException(
                NetworkException.Kind.NOT_EXIST, "device " + name + "; the devices are " + String.join(", ", names));
    }

    public VlanTable vlans() {
        return vlans;
    }

    /** Whether a device of dpvs's has this MAC address. Allocates nothing. */
    public boolean isOwnMac(long macAddress) {
        for (Device device : deviceById) {
            if (device != null && device.macAddress() == macAddress) {
                return true;
            }
        }
        return false;
    }

    public StackSettings settings() {
        return settings;
    }

    /** Differs between any two configurations of one process; connections that cached a route of an older one look it up again. */
    public long generation() {
        return generation;
    }

    /** The longest matching route of the destination's family, host routes included, or null. Allocates nothing. */
    public @Nullable Route route(long high, long low) {
        Route host = hosts.lookup(high, low);
        return host != null ? host : networks.lookup(high, low);
    }

    /** The way back to who sent a packet that came in by a device (-1 = unknown): to a link-local address (RFC 4291 §2.5.6), which is any link's, by that device. */
    public @Nullable Route route(int device, long high, long low) {
        boolean linkLocal = Address.isLinkLocal(high) && device >= 0 && device < linkLocalRoutes.length;
        return linkLocal && !isLocal(high, low) ? linkLocalRoutes[device] : route(high, low);
    }

    public @Nullable Route route(Address destination) {
        return route(destination.high(), destination.low());
    }

    /** Of IPv4. */
    public @Nullable Route route(int destination) {
        return route(0, Address.mapped(destination));
    }

    /** Whether the address is one of dpvs's own (a host route). Allocates nothing. */
    public boolean isLocal(long high, long low) {
        Route host = hosts.lookup(high, low);
        return host != null && host.scope() == RouteScope.HOST;
    }

    /** Whether a device is still asking for the address (RFC 4862 §5.4). */
    public boolean isTentativeOn(long high, long low, int device) {
        if (tentative.isEmpty()) {
            return false;
        }
        InterfaceAddress candidate = tentative.get(new Address(high, low));
        return candidate != null && candidate.device().id() == device;
    }

    /** Addresses whose duplicate detection is under way. */
    public Map<Address, InterfaceAddress> tentative() {
        return tentative;
    }

    public boolean isLocal(Address address) {
        return isLocal(address.high(), address.low());
    }

    /** Of IPv4. */
    public boolean isLocal(int address) {
        return isLocal(0, Address.mapped(address));
    }

    /** Whether the address is one of dpvs's own and lives on this device: ARP and neighbour discovery answer there only. Allocates nothing. */
    public boolean isLocalOn(long high, long low, int device) {
        Route host = hosts.lookup(high, low);
        return host != null && host.scope() == RouteScope.HOST && host.device().id() == device;
    }

    public boolean isLocalOn(Address address, int device) {
        return isLocalOn(address.high(), address.low(), device);
    }

    /** Of IPv4. */
    public boolean isLocalOn(int address, int device) {
        return isLocalOn(0, Address.mapped(address), device);
    }

    /** Whether new connections may use the address as their own: it is on a device and not {@link #isDraining}. Allocates nothing. */
    public boolean isAssigned(long high, long low) {
        return isLocal(high, low) && !isDraining(high, low);
    }

    /** Of IPv4. */
    public boolean isAssigned(int address) {
        return isAssigned(0, Address.mapped(address));
    }

    /** Whether the address is no longer dpvs's but for the connections that still use it. Allocates nothing. */
    public boolean isDraining(long high, long low) {
        return drainingRoutes.lookup(high, low) != null;
    }

    /** Of IPv4. */
    public boolean isDraining(int address) {
        return isDraining(0, Address.mapped(address));
    }

    /** Addresses that were taken away while connections used them, with their device: local as before, but in no listing. */
    public Map<Address, Device> draining() {
        return draining;
    }

    /**
     * Addresses that the kernel has on the kernel interfaces of devices: as routes of scope kni_host, but in no listing. What dpvs was given first stays
     * dpvs's, and what became dpvs's by itself (link-local addresses) is both's.
     */
    public Map<Address, Device> kernelAddresses() {
        return kernelAddresses;
    }

    /** Whether packets to the address are the kernel's: {@link #kernelAddresses} and routes of scope kni_host, dpvs's own left out. Allocates nothing. */
    public boolean isKernels(long high, long low) {
        return kernels.lookup(high, low) != null;
    }

    /** All addresses of which {@link #isKernels} is true. */
    public Set<Address> ofKernel() {
        return kernelRoutes().stream().map(Route::prefix).collect(Collectors.toUnmodifiableSet());
    }

    /** Addresses of dpvs's that the kernel has as well, on whichever interface. */
    public Set<Address> kernelHasToo() {
        return kernelHasToo;
    }

    /** Whether the kernel has an address of dpvs's as well, and so may serve a port on it that dpvs does not. Allocates nothing. */
    public boolean kernelHasToo(long high, long low) {
        return kernelHasTooRoutes.lookup(high, low) != null;
    }

    private List<Route> kernelHasTooRoutes() {
        // A lookup asks whether there is a route, not where it leads.
        return devices.isEmpty()
                ? List.of()
                : kernelHasToo.stream()
                        .map(address -> NetworkEditor.host(address, devices.getFirst(), RouteScope.KNI_HOST))
                        .toList();
    }

    private List<Route> kernelRoutes() {
        List<Route> routes = new ArrayList<>();
        kernelAddresses.forEach(
                (address, device) -> routes.add(NetworkEditor.host(address, device, RouteScope.KNI_HOST)));
        hostRoutes.stream()
                .filter(route -> route.scope() == RouteScope.KNI_HOST)
                .forEach(routes::add);
        routes.removeIf(route -> isOnlyOurs(route.prefix()));
        return routes;
    }

    private boolean isOnlyOurs(Address address) {
        InterfaceAddress own = addressByValue.get(address);
        return draining.containsKey(address) || (own != null && !own.automatic());
    }

    /**
     * The best own address of a device for talking to a peer: the one of its family that shares the longest prefix with it, the oldest of equals;
     * {@link Address#NONE} when the device has none. Allocates nothing.
     */
    public Address sourceAddress(int device, long peerHigh, long peerLow) {
        return sources.best(device, peerHigh, peerLow);
    }

    /** Of IPv4; 0 when the device has none. */
    public int sourceAddress(int device, int peer) {
        return sourceAddress(device, 0, Address.mapped(peer)).ipv4();
    }

    /** The address as it was added, or null. */
    public @Nullable InterfaceAddress address(Address address) {
        return addressByValue.get(address);
    }

    /** Of IPv4. */
    public @Nullable InterfaceAddress address(int address) {
        return address(Address.ofIpv4(address));
    }

    /** All interface addresses in the order of {@code dpip addr show}. */
    public List<InterfaceAddress> addresses() {
        return ListingOrder.addresses(addresses);
    }

    /** One device's addresses in the order of {@code dpip addr show dev DEV}. */
    public List<InterfaceAddress> addresses(int device) {
        return ListingOrder.addresses(addresses, device);
    }

    /** All routes in the order of {@code dpip route show}. */
    public List<Route> routes() {
        List<Route> ordered = ListingOrder.hostRoutes(hostRoutes);
        ordered.addAll(ListingOrder.networkRoutes(networkRoutes));
        return ordered;
    }

    /** In the order of adding. */
    public List<StaticNeighbour> staticNeighbours() {
        return staticNeighbours;
    }

    public NetworkEditor edit() {
        return new NetworkEditor(this);
    }

    /** @see NetworkEditor#addAddress */
    public NetworkConfiguration withAddress(InterfaceAddress address) throws NetworkException {
        return edit().addAddress(address).build();
    }

    /** @see NetworkEditor#deleteAddress */
    public NetworkConfiguration withoutAddress(Address address, int prefixLength, Device device)
            throws NetworkException {
        return edit().deleteAddress(address, prefixLength, device).build();
    }

    /** @see NetworkEditor#flushAddresses */
    public NetworkConfiguration withoutAddresses(Device device) {
        return edit().flushAddresses(device).build();
    }

    /** @see NetworkEditor#addRoute */
    public NetworkConfiguration withRoute(RouteRequest request) throws NetworkException {
        return edit().addRoute(request).build();
    }

    /** @see NetworkEditor#deleteRoute */
    public NetworkConfiguration withoutRoute(RouteRequest request) throws NetworkException {
        return edit().deleteRoute(request).build();
    }

    /** @see NetworkEditor#flushRoutes */
    public NetworkConfiguration withoutRoutes(@Nullable Device device) {
        return edit().flushRoutes(false, device).build();
    }

    /** @see NetworkEditor#addNeighbour */
    public NetworkConfiguration withNeighbour(Address address, long macAddress, Device device) throws NetworkException {
        return edit().addNeighbour(address, macAddress, device).build();
    }

    /** Of IPv4. */
    public NetworkConfiguration withNeighbour(int address, long macAddress, Device device) throws NetworkException {
        return withNeighbour(Address.ofIpv4(address), macAddress, device);
    }

    /** @see NetworkEditor#deleteNeighbour */
    public NetworkConfiguration withoutNeighbour(Address address, Device device) throws NetworkException {
        return edit().deleteNeighbour(address, device).build();
    }

    public NetworkConfiguration withSettings(StackSettings newSettings) {
        return edit().settings(newSettings).build();
    }

    public NetworkConfiguration withIpv4Forwarding(boolean on) {
        return withSettings(settings.withIpv4Forwarding(on));
    }

    /** @see NetworkEditor#draining */
    public NetworkConfiguration withDraining(Map<Address, Device> addresses) {
        return edit().draining(addresses).build();
    }

    /** @see NetworkEditor#kernelAddresses */
    public NetworkConfiguration withKernelAddresses(Map<Address, Device> addresses) {
        return edit().kernelAddresses(addresses).build();
    }

    /** @see NetworkEditor#kernelHasToo */
    public NetworkConfiguration withKernelHavingToo(Set<Address> addresses) {
        return edit().kernelHasToo(addresses).build();
    }

    /** @see NetworkEditor#replaceDevice */
    public NetworkConfiguration withDevice(Device device) throws NetworkException {
        return edit().replaceDevice(device).build();
    }

    List<Route> hostRoutesAdded() {
        return hostRoutes;
    }

    List<Route> networkRoutesAdded() {
        return networkRoutes;
    }

    Map<Address, InterfaceAddress> addressesAdded() {
        return addressByValue;
    }

    private static List<Route> withDraining(List<Route> routes, Map<Address, Device> draining) {
        if (draining.isEmpty()) {
            return routes;
        }
        List<Route> all = new ArrayList<>(routes);
        draining.forEach((address, device) -> all.add(NetworkEditor.host(address, device, RouteScope.HOST)));
        return all;
    }

    /** An address that is dpvs's own goes before the kernel's claim on it. */
    private static List<Route> byPreference(List<Route> routes, List<Route> ofKernel) {
        List<Route> ordered = new ArrayList<>(routes);
        ordered.addAll(ofKernel);
        ordered.sort(Comparator.comparing(Route::scope));
        return ordered;
    }

    private static @Nullable Route[] linkLocal(@Nullable Device[] devices) {
        @Nullable Route[] routes = new Route[devices.length];
        for (Device device : devices) {
            if (device != null) {
                routes[device.id()] = new Route(
                        Address.LINK_LOCAL, 64, Address.NONE, Address.NONE, device, device.mtu(), 0, RouteScope.LINK);
            }
        }
        return routes;
    }

    private static @Nullable Device[] byId(List<Device> devices) {
        int highest = -1;
        for (Device device : devices) {
            highest = Math.max(highest, device.id());
        }
        @Nullable Device[] table = new Device[highest + 1];
        for (Device device : devices) {
            table[device.id()] = device;
        }
        return table;
    }
}

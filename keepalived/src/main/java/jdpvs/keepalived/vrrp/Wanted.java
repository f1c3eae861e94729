package jdpvs.keepalived.vrrp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.VirtualAddress;
import jdpvs.keepalived.configuration.VirtualRoute;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.keepalived.program.Balancer;
import jdpvs.keepalived.program.WantedAddress;
import org.jspecify.annotations.Nullable;

/** What dpvs is to have because of VRRP: the addresses and routes of this host's masters, and the static ones. */
final class Wanted {
    private final Balancer balancer;
    private final Set<WantedAddress> staticAddresses = new HashSet<>();
    private final Set<VirtualRoute> staticRoutes = new HashSet<>();
    private @Nullable Set<WantedAddress> addresses;
    private @Nullable Set<VirtualRoute> routes;
    private boolean frozen;
    private volatile Set<IpAddress> held = Set.of();

    Wanted(Balancer balancer) {
        this.balancer = balancer;
    }

    void configure(KeepalivedConfiguration configuration) {
        staticAddresses.clear();
        for (VirtualAddress address : configuration.addresses()) {
            if (!address.device().isEmpty()) {
                staticAddresses.add(wanted(address, address.device()));
            }
        }
        staticRoutes.clear();
        configuration.routes().stream().filter(route -> route.device() != null).forEach(staticRoutes::add);
    }

    /** Says it to dpvs if it is another. */
    void publish(List<VirtualRouter> routers) {
        Set<WantedAddress> nextAddresses = new HashSet<>(staticAddresses);
        Set<VirtualRoute> nextRoutes = new HashSet<>(staticRoutes);
        Set<IpAddress> nextHeld = new HashSet<>();
        for (VirtualRouter router : routers) {
            if (router.state() == State.MASTER) {
                VrrpInstance instance = router.instance();
                nextAddresses.addAll(addresses(instance));
                all(instance).map(VirtualAddress::address).forEach(nextHeld::add);
                for (VirtualRoute route : instance.routes()) {
                    String device = route.device() != null ? route.device() : instance.device();
                    if (device != null) {
                        nextRoutes.add(on(route, device));
                    }
                }
            }
        }
        held = Set.copyOf(nextHeld);
        say(nextAddresses, nextRoutes);
    }

    /** From now on dpvs keeps what it has. */
    void freeze() {
        frozen = true;
    }

    void nothing() {
        held = Set.of();
        say(Set.of(), Set.of());
    }

    private void say(Set<WantedAddress> nextAddresses, Set<VirtualRoute> nextRoutes) {
        if (frozen) {
            return;
        }
        boolean otherAddresses = !nextAddresses.equals(addresses);
        boolean otherRoutes = !nextRoutes.equals(routes);
        addresses = Set.copyOf(nextAddresses);
        routes = Set.copyOf(nextRoutes);
        if (otherAddresses || otherRoutes) {
            // Both, for a route may need an address as its source.
            balancer.together(() -> {
                balancer.addresses(Set.copyOf(nextAddresses));
                balancer.routes(Set.copyOf(nextRoutes));
            });
        }
    }

    void announce(VirtualRouter router) {
        List<WantedAddress> all = addresses(router.instance());
        if (!all.isEmpty()) {
            balancer.announce(all);
        }
    }

    /** Which addresses this host's masters hold; any thread. */
    Set<IpAddress> held() {
        return held;
    }

    private static List<WantedAddress> addresses(VrrpInstance instance) {
        String device = instance.device();
        return device == null
                ? List.of()
                : all(instance)
                        .map(address -> wanted(address, device))
                        .collect(Collectors.toCollection(ArrayList::new));
    }

    private static Stream<VirtualAddress> all(VrrpInstance instance) {
        return Stream.concat(instance.addresses().stream(), instance.excluded().stream());
    }

    private static WantedAddress wanted(VirtualAddress address, String device) {
        return new WantedAddress(device, address.address(), address.prefixLength(), address.scope());
    }

    private static VirtualRoute on(VirtualRoute route, String device) {
        return new VirtualRoute(
                route.prefix(), route.prefixLength(), route.gateway(), device, route.source(), route.scope());
    }
}

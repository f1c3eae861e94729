package jdpvs.keepalived.program;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.VirtualRoute;

/** What is ours on the dpvs that runs: made by us, or found there and wanted. The programmer's thread alone. */
final class Made {
    final Map<ServiceKey, Held> services = new HashMap<>();
    final Map<Item.OfAddress, WantedAddress> addresses = new HashMap<>();

    /** Surely there. */
    final Set<VirtualRoute> routes = new HashSet<>();

    /** Perhaps there. Deleting a route that is not there succeeds. */
    private final Set<VirtualRoute> perhapsRoutes = new HashSet<>();

    private final Set<ServiceKey> perhapsServices = new HashSet<>();
    private final Map<Item.OfAddress, WantedAddress> perhapsAddresses = new HashMap<>();

    boolean isAnything() {
        return !services.isEmpty() || !addresses.isEmpty() || !routes.isEmpty();
    }

    Set<VirtualRoute> ourRoutes() {
        Set<VirtualRoute> all = new HashSet<>(routes);
        all.addAll(perhapsRoutes);
        return all;
    }

    /** Whether an item is there, or may be. */
    boolean has(Item item) {
        return switch (item) {
            case Item.OfService service -> services.containsKey(service.key());
            case Item.OfAddress place -> addresses.containsKey(place);
            case Item.OfRoute route -> ourRoutes().contains(route.route());
            case Item.OfAnnouncement ignored -> false;
        };
    }

    void routeIsGone(VirtualRoute route) {
        routes.remove(route);
        perhapsRoutes.remove(route);
    }

    /** Nobody knows whether a transaction was applied. */
    void perhaps(Plan plan) {
        for (Item item : plan.items()) {
            switch (item) {
                case Item.OfService service -> perhapsServices.add(service.key());
                case Item.OfRoute route -> perhapsRoutes.add(route.route());
                case Item.OfAddress ignored -> {}
                case Item.OfAnnouncement ignored -> {}
            }
        }
        for (WantedAddress address : plan.wanted().addresses()) {
            if (plan.items().contains(Item.OfAddress.of(address))) {
                perhapsAddresses.put(Item.OfAddress.of(address), address);
            }
        }
    }

    /** Compares with what is there: ours is what we made, may have made, or want. Routes are not compared, for adding what is there succeeds. */
    void settle(Actual actual, Wanted wanted) {
        Set<ServiceKey> ours = new HashSet<>(services.keySet());
        ours.addAll(perhapsServices);
        ours.addAll(wanted.services().keySet());
        services.clear();
        perhapsServices.clear();
        for (ServiceKey key : ours) {
            Held held = actual.services().get(key);
            if (held != null) {
                services.put(key, held);
            }
        }
        Map<Item.OfAddress, Set<Integer>> lengths = new HashMap<>();
        addresses.forEach((place, address) -> note(lengths, place, address));
        perhapsAddresses.forEach((place, address) -> note(lengths, place, address));
        wanted.addresses().forEach(address -> note(lengths, Item.OfAddress.of(address), address));
        addresses.clear();
        perhapsAddresses.clear();
        for (WantedAddress address : actual.addresses()) {
            Item.OfAddress place = Item.OfAddress.of(address);
            if (lengths.getOrDefault(place, Set.of()).contains(address.prefixLength())) {
                addresses.put(place, address);
            }
        }
        perhapsRoutes.addAll(routes);
        routes.clear();
    }

    /**
     * Takes over what is there of a dead keepalived's services; those that are not wanted can then be deleted.
     *
     * @param all whoever made them
     */
    void adoptServices(Actual actual, boolean all) {
        actual.services().forEach((key, held) -> {
            if (all || actual.leftover().services().contains(key)) {
                services.putIfAbsent(key, held);
            }
        });
    }

    /** The same for addresses and routes. */
    void adoptNetwork(Actual actual) {
        perhapsRoutes.addAll(actual.leftover().routes());
        for (WantedAddress address : actual.addresses()) {
            if (actual.leftover().addresses().contains(Item.OfAddress.of(address))) {
                addresses.putIfAbsent(Item.OfAddress.of(address), address);
            }
        }
    }

    /** @param underWay what may be there before the next report: whoever is killed meanwhile does not tell */
    KeepalivedReport.Made forReport(List<Plan> underWay) {
        Set<ServiceKey> allServices = new HashSet<>(services.keySet());
        allServices.addAll(perhapsServices);
        Set<Item.OfAddress> allAddresses = new HashSet<>(addresses.keySet());
        allAddresses.addAll(perhapsAddresses.keySet());
        Set<VirtualRoute> allRoutes = ourRoutes();
        for (Plan plan : underWay) {
            for (Item item : plan.items()) {
                switch (item) {
                    case Item.OfService service -> allServices.add(service.key());
                    case Item.OfAddress place -> allAddresses.add(place);
                    case Item.OfRoute route -> allRoutes.add(route.route());
                    case Item.OfAnnouncement ignored -> {}
                }
            }
        }
        return new KeepalivedReport.Made(
                List.copyOf(allServices),
                allAddresses.stream()
                        .map(place -> new KeepalivedReport.MadeAddress(place.device(), place.address()))
                        .toList(),
                allRoutes.stream()
                        .map(route -> new KeepalivedReport.MadeRoute(
                                route.prefix(),
                                route.prefixLength(),
                                route.gateway(),
                                route.device(),
                                route.source(),
                                route.scope()))
                        .toList());
    }

    private static void note(Map<Item.OfAddress, Set<Integer>> lengths, Item.OfAddress place, WantedAddress address) {
        lengths.computeIfAbsent(place, p -> new HashSet<>()).add(address.prefixLength());
    }
}

package jdpvs.keepalived.program;

import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Collectors;
import jdpvs.control.Change;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.VirtualRoute;

/** From what is there to what is wanted: addresses, routes, announcements. */
final class NetworkDifference {
    private final Wanted wanted;
    private final Made made;
    private final LeftOut leftOut;
    private final int most;
    private final Plan plan;
    private final Set<Item.OfAddress> places;
    private final Set<IpAddress> addresses;

    /** @param most items in this plan */
    NetworkDifference(Wanted wanted, Made made, LeftOut leftOut, int most, Plan plan) {
        this.wanted = wanted;
        this.made = made;
        this.leftOut = leftOut;
        this.most = most;
        this.plan = plan;
        this.places = wanted.addresses().stream().map(Item.OfAddress::of).collect(Collectors.toSet());
        this.addresses = wanted.addresses().stream().map(WantedAddress::address).collect(Collectors.toSet());
    }

    private boolean isFull() {
        return plan.items().size() >= most;
    }

    /** @param announcements those that are in the plan, or can never be, are taken from it */
    void addTo(Collection<WantedAddress> announcements) {
        // An address that moves to another device can be there once only: it goes first.
        lessAddresses(true);
        wanted.addresses().forEach(this::address);
        lessAddresses(false);
        wanted.routes().forEach(this::route);
        for (VirtualRoute old : made.ourRoutes()) {
            lessRoute(old);
        }
        for (Iterator<WantedAddress> i = announcements.iterator(); i.hasNext() && !isFull(); ) {
            WantedAddress address = i.next();
            Item.OfAddress place = Item.OfAddress.of(address);
            boolean there =
                    address.equals(made.addresses.get(place)) || plan.items().contains(place);
            if (there && wanted.addresses().contains(address)) {
                plan.add(
                        Plan.Stage.ANNOUNCEMENTS,
                        new Item.OfAnnouncement(address),
                        new Change.AddressAnnounce(address.address(), address.device()));
            }
            if (there || !wanted.addresses().contains(address) || leftOut.has(place, address)) {
                i.remove();
            }
        }
    }

    private void address(WantedAddress address) {
        Item.OfAddress item = Item.OfAddress.of(address);
        WantedAddress old = made.addresses.get(item);
        if (address.equals(old) || leftOut.has(item, address) || isFull()) {
            return;
        }
        if (old != null) {
            plan.add(Plan.Stage.REPLACED, item, delete(old));
        }
        plan.add(
                Plan.Stage.ADDRESSES,
                item,
                new Change.AddressAdd(
                        address.address(),
                        address.prefixLength(),
                        address.device(),
                        null,
                        address.scope(),
                        -1,
                        -1,
                        false,
                        true));
        plan.then(m -> m.addresses.put(item, address));
    }

    private void lessAddresses(boolean moving) {
        made.addresses.forEach((item, old) -> {
            if (places.contains(item)
                    || addresses.contains(old.address()) != moving
                    || leftOut.has(item, null)
                    || isFull()) {
                return;
            }
            plan.add(moving ? Plan.Stage.REPLACED : Plan.Stage.ADDRESSES_LESS, item, delete(old));
            plan.then(m -> m.addresses.remove(item));
        });
    }

    private static Change delete(WantedAddress address) {
        return new Change.AddressDelete(address.address(), address.prefixLength(), address.device());
    }

    private void route(VirtualRoute route) {
        Item item = new Item.OfRoute(route);
        if (made.routes.contains(route) || leftOut.has(item, route) || isFull()) {
            return;
        }
        plan.add(
                Plan.Stage.ROUTES,
                item,
                new Change.RouteAdd(
                        route.prefix(),
                        route.prefixLength(),
                        route.gateway(),
                        route.device(),
                        route.source(),
                        0,
                        0,
                        route.scope()));
        plan.then(m -> m.routes.add(route));
    }

    private void lessRoute(VirtualRoute old) {
        Item item = new Item.OfRoute(old);
        if (wanted.routes().contains(old) || leftOut.has(item, null) || isFull()) {
            return;
        }
        boolean replaced = wanted.routes().stream()
                .anyMatch(r -> r.prefix().equals(old.prefix()) && r.prefixLength() == old.prefixLength());
        plan.add(
                replaced ? Plan.Stage.REPLACED : Plan.Stage.ROUTES_LESS,
                item,
                new Change.RouteDelete(old.prefix(), old.prefixLength(), old.gateway(), old.device(), old.scope()));
        plan.then(m -> m.routeIsGone(old));
    }
}

package jdpvs.keepalived.program;

import java.util.Map;
import java.util.Set;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.VirtualRoute;
import org.jspecify.annotations.Nullable;

/** What dpvs is to have, of one moment; all of it immutable. */
record Wanted(Map<ServiceKey, WantedService> services, Set<WantedAddress> addresses, Set<VirtualRoute> routes) {
    static final Wanted NOTHING = new Wanted(Map.of(), Set.of(), Set.of());

    /** What is wanted of an item; null = that it is not there. */
    @Nullable Object of(Item item) {
        return switch (item) {
            case Item.OfService service -> services.get(service.key());
            case Item.OfRoute route -> routes.contains(route.route()) ? route.route() : null;
            case Item.OfAddress place ->
                addresses.stream()
                        .filter(address -> Item.OfAddress.of(address).equals(place))
                        .findFirst()
                        .orElse(null);
            case Item.OfAnnouncement ignored -> null;
        };
    }
}

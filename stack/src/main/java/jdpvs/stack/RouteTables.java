package jdpvs.stack;

import java.util.List;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/** A {@link RouteTable} for each family: IPv6's default route is none for IPv4, whose addresses lie below it. Immutable. */
final class RouteTables {
    private final RouteTable ipv4;
    private final RouteTable ipv6;

    RouteTables(List<Route> ordered) {
        ipv4 = new RouteTable(ordered.stream().filter(Route::isIpv4).toList());
        ipv6 = new RouteTable(ordered.stream().filter(route -> !route.isIpv4()).toList());
    }

    /** The longest match or null. Allocates nothing. */
    @Nullable Route lookup(long high, long low) {
        return (Address.isIpv4(high, low) ? ipv4 : ipv6).lookup(high, low);
    }
}

package jdpvs.stack;

import org.jspecify.annotations.Nullable;

/**
 * A route as {@code dpip route add|del} names it. Addresses are ints in network meaning, 0 = not given.
 *
 * @param prefix host bits are cleared
 * @param length 0 to 32
 * @param device null is refused: the tools need {@code dev}
 * @param mtu 0 = the device's
 * @param scope null or LINK or GLOBAL = a network route, whose scope follows from the gateway; HOST and KNI_HOST need a /32
 */
public record RouteRequest(
        int prefix,
        int length,
        int gateway,
        int source,
        @Nullable Device device,
        int mtu,
        int metric,
        @Nullable RouteScope scope) {

    /** A network on the device's link. */
    public static RouteRequest link(int prefix, int length, Device device) {
        return new RouteRequest(prefix, length, 0, 0, device, 0, 0, null);
    }

    public static RouteRequest via(int prefix, int length, int gateway, Device device) {
        return new RouteRequest(prefix, length, gateway, 0, device, 0, 0, null);
    }

    /** A /32 of scope HOST or KNI_HOST. */
    public static RouteRequest host(int address, Device device, RouteScope scope) {
        return new RouteRequest(address, 32, 0, 0, device, 0, 0, scope);
    }

    boolean isHost() {
        return scope == RouteScope.HOST || scope == RouteScope.KNI_HOST;
    }
}

package jdpvs.stack;

import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * A route as {@code dpip route add|del} names it; {@link Address#NONE} = not given.
 *
 * @param prefix host bits are cleared
 * @param length 0 to 32, or to 128 for IPv6
 * @param device null is refused: the tools need {@code dev}
 * @param mtu 0 = the device's
 * @param scope null or LINK or GLOBAL = a network route, whose scope follows from the gateway; HOST and KNI_HOST need a whole address
 */
public record RouteRequest(
        Address prefix,
        int length,
        Address gateway,
        Address source,
        @Nullable Device device,
        int mtu,
        int metric,
        @Nullable RouteScope scope) {
    /** A network on the device's link. */
    public static RouteRequest link(Address prefix, int length, Device device) {
        return new RouteRequest(prefix, length, Address.NONE, Address.NONE, device, 0, 0, null);
    }

    /** Of IPv4. */
    public static RouteRequest link(int prefix, int length, Device device) {
        return link(Address.ofIpv4(prefix), length, device);
    }

    public static RouteRequest via(Address prefix, int length, Address gateway, Device device) {
        return new RouteRequest(prefix, length, gateway, Address.NONE, device, 0, 0, null);
    }

    /** Of IPv4. */
    public static RouteRequest via(int prefix, int length, int gateway, Device device) {
        return via(Address.ofIpv4(prefix), length, Address.ofIpv4(gateway), device);
    }

    /** A whole address of scope HOST or KNI_HOST. */
    public static RouteRequest host(Address address, Device device, RouteScope scope) {
        return new RouteRequest(address, address.bits(), Address.NONE, Address.NONE, device, 0, 0, scope);
    }

    /** Of IPv4. */
    public static RouteRequest host(int address, Device device, RouteScope scope) {
        return host(Address.ofIpv4(address), device, scope);
    }

    boolean isHost() {
        return scope == RouteScope.HOST || scope == RouteScope.KNI_HOST;
    }
}

package jdpvs.stack;

/**
 * An IPv4 route. Addresses are ints in network meaning; 0 means none.
 *
 * @param prefix the destination, host bits clear
 * @param length 0 to 32
 * @param gateway next hop, or 0 when the destination is on the link
 * @param source preferred source address, or 0
 * @param mtu largest IP packet in bytes
 */
public record Route(
        int prefix, int length, int gateway, int source, Device device, int mtu, int metric, RouteScope scope) {

    public int nextHop(int destination) {
        return gateway != 0 ? gateway : destination;
    }
}

package jdpvs.stack;

import jdpvs.wire.Address;

/**
 * A route; all its addresses are of one family, and {@link Address#NONE} stands for none.
 *
 * @param prefix the destination, host bits clear
 * @param length 0 to 32, or to 128 for IPv6
 * @param gateway next hop, or none when the destination is on the link
 * @param source preferred source address, or none
 * @param mtu largest IP packet in bytes
 */
public record Route(
        Address prefix,
        int length,
        Address gateway,
        Address source,
        Device device,
        int mtu,
        int metric,
        RouteScope scope) {
    public boolean isIpv4() {
        return prefix.isIpv4();
    }

    /** Of an IPv4 route. Allocates nothing. */
    public int nextHop(int destination) {
        return gateway.isNone() ? destination : gateway.ipv4();
    }

    /** The upper half of the next hop towards a destination of the route's family. */
    public long nextHigh(long high) {
        return gateway.isNone() ? high : gateway.high();
    }

    /** The lower half of the next hop. */
    public long nextLow(long low) {
        return gateway.isNone() ? low : gateway.low();
    }

    public Address nextHop(Address destination) {
        return gateway.isNone() ? destination : gateway;
    }
}

package jdpvs.stack;

import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv6;
import jdpvs.wire.NeighbourDiscovery;

/** Neighbour advertisements of own addresses (RFC 4861 §4.4), with the MAC address. */
final class Advertisements {
    private Advertisements() {}

    /** Writes a whole frame. @return its length */
    static int write(long frame, long ownMac, long toMac, Address own, Address to, int flags) {
        long ip = frame + Ethernet.LENGTH;
        Ethernet.set(frame, toMac, ownMac, Ethernet.TYPE_IPV6);
        Ipv6.write(ip, 0, NeighbourDiscovery.LENGTH_WITH_OPTION, Ipv6.ICMP, NeighbourDiscovery.HOP_LIMIT, own, to);
        NeighbourDiscovery.write(
                ip, ip + Ipv6.LENGTH, Icmp6.NEIGHBOUR_ADVERTISEMENT, flags, own.high(), own.low(), ownMac);
        return Ethernet.LENGTH + Ipv6.LENGTH + NeighbourDiscovery.LENGTH_WITH_OPTION;
    }
}

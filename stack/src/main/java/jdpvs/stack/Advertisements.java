package jdpvs.stack;

import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv6;
import jdpvs.wire.NeighbourDiscovery;

/** Neighbour advertisements of own addresses (RFC 4861 §4.4), with the MAC address. */
final class Advertisements {
    private Advertisements() {}

    /** To all nodes, unasked (RFC 4861 §7.2.6), or because somebody is about to take the address. @return the frame's length */
    static int toAll(long frame, long ownMac, long ownHigh, long ownLow) {
        Address all = NeighbourDiscovery.ALL_NODES;
        long mac = NeighbourDiscovery.groupMac(all.low());
        return write(frame, ownMac, mac, ownHigh, ownLow, all.high(), all.low(), NeighbourDiscovery.OVERRIDE);
    }

    /** To who asked (§7.2.4). @return the frame's length */
    static int answer(
            long frame, long ownMac, long ownHigh, long ownLow, long askerMac, long askerHigh, long askerLow) {
        int flags = NeighbourDiscovery.SOLICITED | NeighbourDiscovery.OVERRIDE;
        return write(frame, ownMac, askerMac, ownHigh, ownLow, askerHigh, askerLow, flags);
    }

    private static int write(
            long frame, long ownMac, long toMac, long ownHigh, long ownLow, long toHigh, long toLow, int flags) {
        long ip = frame + Ethernet.LENGTH;
        Ethernet.set(frame, toMac, ownMac, Ethernet.TYPE_IPV6);
        Ipv6.write(ip, 0, NeighbourDiscovery.LENGTH_WITH_OPTION, Ipv6.ICMP, NeighbourDiscovery.HOP_LIMIT);
        Ipv6.setAddress(ip + Ipv6.SOURCE, ownHigh, ownLow);
        Ipv6.setAddress(ip + Ipv6.DESTINATION, toHigh, toLow);
        NeighbourDiscovery.write(ip, ip + Ipv6.LENGTH, Icmp6.NEIGHBOUR_ADVERTISEMENT, flags, ownHigh, ownLow, ownMac);
        return Ethernet.LENGTH + Ipv6.LENGTH + NeighbourDiscovery.LENGTH_WITH_OPTION;
    }
}

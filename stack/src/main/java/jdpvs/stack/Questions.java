package jdpvs.stack;

import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv6;
import jdpvs.wire.NeighbourDiscovery;

/** How a neighbour is asked for its MAC address: an ARP request (RFC 826) or a neighbour solicitation (RFC 4861 §7.2.2). */
final class Questions {
    private Questions() {}

    /**
     * Writes the question of an own device. Without an own address on it an ARP request is a probe (RFC 5227 §2.1), which hosts answer all the same; a solicitation
     * is then one of duplicate detection, which they answer to everybody.
     *
     * @param to a MAC address to confirm, or -1 to ask everybody who may have the address
     * @return the frame's length
     */
    static int write(long frame, Device device, NetworkConfiguration network, long to, long high, long low) {
        Address source = network.sourceAddress(device.id(), high, low);
        return Address.isIpv4(high, low)
                ? arp(frame, device, source, to == -1 ? Ethernet.BROADCAST : to, (int) low)
                : solicitation(frame, device, source, to, high, low);
    }

    /** Asks whether another host has an address that is not used yet (RFC 4862 §5.4.2). */
    static int duplicate(long frame, Device device, Address address) {
        return solicitation(frame, device, Address.NONE, -1, address.high(), address.low());
    }

    private static int arp(long frame, Device device, Address source, long to, int target) {
        Ethernet.set(frame, to, device.macAddress(), Ethernet.TYPE_ARP);
        Arp.set(frame + Ethernet.LENGTH, Arp.REQUEST, device.macAddress(), source.ipv4(), 0, target);
        return Ethernet.LENGTH + Arp.LENGTH;
    }

    private static int solicitation(long frame, Device device, Address source, long to, long high, long low) {
        Address group = NeighbourDiscovery.solicitedNode(low);
        boolean everybody = to == -1 || source.isNone();
        long mac = everybody ? NeighbourDiscovery.groupMac(group.low()) : to;
        // RFC 4861 §4.3: who has no address yet must not name its MAC address.
        long ownMac = source.isNone() ? -1 : device.macAddress();
        int bytes = ownMac == -1 ? NeighbourDiscovery.LENGTH : NeighbourDiscovery.LENGTH_WITH_OPTION;
        long ip = frame + Ethernet.LENGTH;
        Ethernet.set(frame, mac, device.macAddress(), Ethernet.TYPE_IPV6);
        Ipv6.write(
                ip,
                0,
                bytes,
                Ipv6.ICMP,
                NeighbourDiscovery.HOP_LIMIT,
                source,
                everybody ? group : new Address(high, low));
        NeighbourDiscovery.write(ip, ip + Ipv6.LENGTH, Icmp6.NEIGHBOUR_SOLICITATION, 0, high, low, ownMac);
        return Ethernet.LENGTH + Ipv6.LENGTH + bytes;
    }
}

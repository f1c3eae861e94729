package jdpvs.port.filter;

import jdpvs.port.DropReason;
import jdpvs.wire.Arp;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import org.jspecify.annotations.Nullable;

/** What filters ask of one frame, read from it once. Believes no length in the frame; what is cut off is not there. */
final class PacketView {
    private static final int IPV6_HEADER = 40;
    private static final int IPV6_FRAGMENT = 44;
    private static final int SCTP = 132;
    private static final int REVERSE_ARP = 0x8035;

    /** Addresses and ports of a packet, or of the one that an ICMP error quotes. */
    static final class Header {
        boolean hasAddresses;
        int source;
        int destination;
        boolean hasPorts;
        int sourcePort;
        int destinationPort;

        private void clear() {
            hasAddresses = false;
            hasPorts = false;
        }

        private void addresses(int newSource, int newDestination) {
            hasAddresses = true;
            source = newSource;
            destination = newDestination;
        }

        private void ports(long transport) {
            hasPorts = true;
            sourcePort = Memory.getShortNet(transport);
            destinationPort = Memory.getShortNet(transport + 2);
        }
    }

    final Header outer = new Header();
    final Header inner = new Header();
    boolean fragment;
    Passage passage = Passage.IN;

    @Nullable DropReason reason;

    private int type;
    /** Of IPv4, or the first of IPv6 behind a fragment header; -1 = none. */
    private int protocol;

    void read(long frame, int length) {
        outer.clear();
        inner.clear();
        fragment = false;
        protocol = -1;
        type = length < Ethernet.LENGTH ? -1 : Ethernet.type(frame);
        long packet = frame + Ethernet.LENGTH;
        int bytes = length - Ethernet.LENGTH;
        switch (type) {
            case Ethernet.TYPE_IPV4 -> ipv4(packet, bytes);
            case Ethernet.TYPE_IPV6 -> ipv6(packet, bytes);
            case Ethernet.TYPE_ARP, REVERSE_ARP -> arp(packet, bytes);
            default -> {
                // Nothing that a filter can ask for.
            }
        }
    }

    boolean speaks(ProtocolWord word) {
        return switch (word) {
            case IP -> type == Ethernet.TYPE_IPV4;
            case IP6 -> type == Ethernet.TYPE_IPV6;
            case ARP -> type == Ethernet.TYPE_ARP;
            case TCP -> protocol == Ipv4.TCP;
            case UDP -> protocol == Ipv4.UDP;
            case ICMP -> type == Ethernet.TYPE_IPV4 && protocol == Ipv4.ICMP;
        };
    }

    private void ipv4(long ip, int bytes) {
        if (bytes < Ipv4.MINIMUM_LENGTH) {
            return;
        }
        protocol = Ipv4.protocol(ip);
        fragment = Ipv4.isFragment(ip);
        int headers = Ipv4.headerLength(ip);
        read(outer, ip, bytes);
        int quoted = headers + Icmp.LENGTH;
        if (protocol == Ipv4.ICMP
                && (Ipv4.flagsAndOffset(ip) & Ipv4.OFFSET_MASK) == 0
                && bytes >= quoted + Ipv4.MINIMUM_LENGTH
                && Icmp.isError(Icmp.type(ip + headers))
                && Ipv4.version(ip + quoted) == 4) {
            read(inner, ip + quoted, bytes - quoted);
        }
    }

    /** @param bytes at least those of the fixed header */
    private static void read(Header header, long ip, int bytes) {
        header.addresses(Ipv4.source(ip), Ipv4.destination(ip));
        int headers = Ipv4.headerLength(ip);
        if ((Ipv4.flagsAndOffset(ip) & Ipv4.OFFSET_MASK) == 0 && hasPorts(Ipv4.protocol(ip)) && headers + 4 <= bytes) {
            header.ports(ip + headers);
        }
    }

    /** Only what tcpdump's protocol words and ports mean for IPv6, without extension headers other than a fragment's. */
    private void ipv6(long ip, int bytes) {
        if (bytes < IPV6_HEADER) {
            return;
        }
        protocol = Memory.getByte(ip + 6);
        if (hasPorts(protocol) && bytes >= IPV6_HEADER + 4) {
            outer.ports(ip + IPV6_HEADER);
        } else if (protocol == IPV6_FRAGMENT && bytes > IPV6_HEADER) {
            protocol = Memory.getByte(ip + IPV6_HEADER);
        }
    }

    private void arp(long arp, int bytes) {
        if (bytes >= Arp.LENGTH) {
            outer.addresses(Arp.senderAddress(arp), Arp.targetAddress(arp));
        }
    }

    private static boolean hasPorts(int protocol) {
        return protocol == Ipv4.TCP || protocol == Ipv4.UDP || protocol == SCTP;
    }
}

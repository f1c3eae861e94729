package jdpvs.port.filter;

import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Ethernet;
import jdpvs.wire.ExtensionHeaders;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Icmp6Quote;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import org.jspecify.annotations.Nullable;

/** What filters ask of one frame, read from it once. Believes no length in the frame; what is cut off is not there. */
final class PacketView {
    private static final int SCTP = 132;
    private static final int REVERSE_ARP = 0x8035;

    /** Addresses and ports of a packet, or of the one that an ICMP error quotes. */
    static final class Header {
        boolean hasAddresses;
        boolean ipv6;
        /** Halves of {@link Address}es. */
        long sourceHigh;

        long sourceLow;
        long destinationHigh;
        long destinationLow;
        boolean hasPorts;
        int sourcePort;
        int destinationPort;

        private void clear() {
            hasAddresses = false;
            hasPorts = false;
        }

        private void addresses(int source, int destination) {
            hasAddresses = true;
            ipv6 = false;
            sourceHigh = 0;
            sourceLow = Address.mapped(source);
            destinationHigh = 0;
            destinationLow = Address.mapped(destination);
        }

        private void addressesOfIpv6(long ip) {
            hasAddresses = true;
            ipv6 = true;
            sourceHigh = Ipv6.high(ip + Ipv6.SOURCE);
            sourceLow = Ipv6.low(ip + Ipv6.SOURCE);
            destinationHigh = Ipv6.high(ip + Ipv6.DESTINATION);
            destinationLow = Ipv6.low(ip + Ipv6.DESTINATION);
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
    /** Of the transport header; -1 = none. */
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
            case ICMP6 -> type == Ethernet.TYPE_IPV6 && protocol == Ipv6.ICMP;
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

    private void ipv6(long ip, int bytes) {
        if (bytes < Ipv6.LENGTH) {
            return;
        }
        int transport = readIpv6(outer, ip, bytes, true);
        int quoted = transport + Icmp6.LENGTH;
        if (transport != 0
                && protocol == Ipv6.ICMP
                && bytes >= quoted + Ipv6.LENGTH
                && Icmp6Quote.isQuoting(Icmp6.type(ip + transport))
                && Ipv6.version(ip + quoted) == 6) {
            readIpv6(inner, ip + quoted, bytes - quoted, false);
        }
    }

    /**
     * @param bytes at least those of the fixed header
     * @return where the transport header begins, 0 when it is not there
     */
    private int readIpv6(Header header, long ip, int bytes, boolean whole) {
        header.addressesOfIpv6(ip);
        int walked = ExtensionHeaders.walk(ip, ip + bytes);
        if (walked == ExtensionHeaders.REFUSED) {
            return 0;
        }
        int found = ExtensionHeaders.header(walked);
        int at = ExtensionHeaders.offset(walked);
        boolean first = true;
        if (found == Ipv6.FRAGMENT && at + Ipv6.FRAGMENT_LENGTH <= bytes) {
            int field = Memory.getShortNet(ip + at + 2);
            first = (field & Ipv6.OFFSET_MASK) == 0;
            fragment |= whole && (!first || (field & Ipv6.MORE_FRAGMENTS) != 0);
            found = Memory.getByte(ip + at);
            at += Ipv6.FRAGMENT_LENGTH;
        }
        if (whole) {
            protocol = found;
        }
        if (first && hasPorts(found) && at + 4 <= bytes) {
            header.ports(ip + at);
        }
        return first && at + Icmp6.LENGTH <= bytes ? at : 0;
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

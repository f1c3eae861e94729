package jdpvs.stack;

import static jdpvs.stack.StackFixture.CLIENT_MAC;
import static jdpvs.stack.StackFixture.LAN_MAC;
import static jdpvs.stack.StackFixture.SERVER_MAC;
import static jdpvs.stack.StackFixture.WAN_MAC;

import java.lang.foreign.Arena;
import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.Ipv6;
import jdpvs.wire.MacAddress;
import jdpvs.wire.Memory;
import jdpvs.wire.NeighbourDiscovery;

/** A frame in a line: {@code to<from} MAC addresses by name, then what it says. */
final class FrameText {
    private FrameText() {}

    static String of(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            long frame = arena.allocate(Math.max(64, bytes.length)).address();
            Memory.copyIn(bytes, 0, frame, bytes.length);
            String head = mac(Ethernet.destination(frame)) + "<" + mac(Ethernet.source(frame)) + " ";
            long next = frame + Ethernet.LENGTH;
            return head + (Ethernet.type(frame) == Ethernet.TYPE_ARP ? arp(next) : ip(next));
        }
    }

    private static String arp(long arp) {
        boolean request = Arp.operation(arp) == Arp.REQUEST;
        return (request ? "arp who-has " : "arp reply ")
                + Ipv4Address.format(request ? Arp.targetAddress(arp) : Arp.senderAddress(arp))
                + (request ? " tell " : " to ")
                + Ipv4Address.format(request ? Arp.senderAddress(arp) : Arp.targetAddress(arp));
    }

    private static String ip(long ip) {
        boolean ipv6 = Ip.isIpv6(ip);
        int headers = ipv6 ? Ipv6.LENGTH : Ipv4.headerLength(ip);
        int length = Ip.totalLength(ip) - headers;
        int protocol = ipv6 ? Ipv6.nextHeader(ip) : Ipv4.protocol(ip);
        return new Address(Ip.sourceHigh(ip), Ip.sourceLow(ip)) + ">"
                + new Address(Ip.destinationHigh(ip), Ip.destinationLow(ip)) + " ttl "
                + (ipv6 ? Ipv6.hopLimit(ip) : Ipv4.ttl(ip)) + " "
                + switch (protocol) {
                    case Ipv4.ICMP -> icmp(ip + headers, length, Checksum.sum(ip + headers, length));
                    case Ipv6.ICMP -> icmp6(ip, ip + headers, length);
                    case Ipv4.TCP -> "tcp length " + length;
                    case Ipv4.UDP -> "udp length " + length;
                    default -> "protocol " + protocol;
                };
    }

    private static String icmp6(long ip, long icmp, int length) {
        int type = Icmp6.type(icmp);
        String text = icmp(icmp, length, Icmp6.sum(ip, icmp, length));
        if (type == Icmp6.PACKET_TOO_BIG) {
            return text + " mtu " + Icmp6.parameter(icmp);
        }
        if (type != Icmp6.NEIGHBOUR_SOLICITATION && type != Icmp6.NEIGHBOUR_ADVERTISEMENT) {
            return text;
        }
        boolean solicitation = type == Icmp6.NEIGHBOUR_SOLICITATION;
        int flags = Icmp6.parameter(icmp);
        long link = NeighbourDiscovery.linkAddress(
                icmp,
                length,
                solicitation ? NeighbourDiscovery.SOURCE_LINK_ADDRESS : NeighbourDiscovery.TARGET_LINK_ADDRESS);
        return (solicitation ? "ask " : "tell ")
                + Address.at(icmp + NeighbourDiscovery.TARGET)
                + (solicitation
                        ? ""
                        : " flags " + ((flags & NeighbourDiscovery.SOLICITED) != 0 ? "S" : "")
                                + ((flags & NeighbourDiscovery.OVERRIDE) != 0 ? "O" : ""))
                + (link == -1 ? "" : " at " + mac(link))
                + (Icmp6.sum(ip, icmp, length) == 0xffff ? "" : " bad checksum");
    }

    private static String icmp(long icmp, int length, int sum) {
        return "icmp " + Icmp.type(icmp) + "/" + Icmp.code(icmp) + " length " + length
                + (sum == 0xffff ? "" : " bad checksum");
    }

    private static String mac(long mac) {
        if (mac == WAN_MAC) {
            return "WAN";
        } else if (mac == LAN_MAC) {
            return "LAN";
        } else if (mac == CLIENT_MAC) {
            return "client";
        } else if (mac == SERVER_MAC) {
            return "server";
        }
        return mac == Ethernet.BROADCAST ? "all" : MacAddress.format(mac);
    }
}

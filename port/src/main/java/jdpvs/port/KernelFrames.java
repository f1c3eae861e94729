package jdpvs.port;

import java.util.Set;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/**
 * Which frames {@link Port#control} has: what the link and its routers say to each other, and what is addressed to the kernel. The rule of the eBPF program before that queue, for whoever has no such
 * program, and for workers, who leave these frames to it.
 *
 * <pre>
 *  neither IPv4, IPv6 nor ARP    LACP, LLDP, STP …
 *  ARP                           all of it: the kernel has addresses and neighbours of its own
 *  IPv4                          to 224.0.0.0/24, or OSPF (89), or VRRP (112), or to an address of the kernel's
 *  IPv6                          to ff02::/16, or likewise; the protocol is the first header's
 * </pre>
 *
 * The Ethernet type is the one behind a VLAN tag.
 */
public final class KernelFrames {
    public static final int OSPF = 89;
    public static final int VRRP = 112;

    private KernelFrames() {}

    /**
     * @param frame untagged, classified or at least as long as its headers
     * @param addresses the kernel's
     */
    public static boolean isControl(long frame, int length, Set<Address> addresses) {
        if (isOfLink(frame, length)) {
            return true;
        }
        int type = Memory.getShortNet(frame + 12);
        long ip = frame + Ethernet.LENGTH;
        if (type == Ethernet.TYPE_IPV4) {
            return length >= Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH
                    && addresses.contains(Address.ofIpv4(Ipv4.destination(ip)));
        }
        return length >= Ethernet.LENGTH + Ipv6.LENGTH && addresses.contains(Address.at(ip + Ipv6.DESTINATION));
    }

    /** Likewise of the frames that need no address to be recognised. Allocates nothing. */
    public static boolean isOfLink(long frame, int length) {
        int type = Memory.getShortNet(frame + 12);
        long ip = frame + Ethernet.LENGTH;
        if (type == Ethernet.TYPE_IPV4) {
            return length >= Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH
                    && (Ipv4.destination(ip) >>> 8 == 0xe00000 || isRouting(Ipv4.protocol(ip)));
        }
        if (type == Ethernet.TYPE_IPV6) {
            return length >= Ethernet.LENGTH + Ipv6.LENGTH
                    && (Ipv6.high(ip + Ipv6.DESTINATION) >>> 48 == 0xff02 || isRouting(Ipv6.nextHeader(ip)));
        }
        return true;
    }

    private static boolean isRouting(int protocol) {
        return protocol == OSPF || protocol == VRRP;
    }
}

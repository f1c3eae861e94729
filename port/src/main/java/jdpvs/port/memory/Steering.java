package jdpvs.port.memory;

import jdpvs.port.FlowHash;
import jdpvs.port.OwnedAddresses;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.ExtensionHeaders;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Icmp6Quote;
import jdpvs.wire.IcmpQuote;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Udp;

/** Which receive queue a frame goes to. */
@FunctionalInterface
public interface Steering {
    Steering FIRST_QUEUE = (frame, length, owned, queues) -> 0;

    /**
     * As an {@code AF_PACKET} port does it: frames to a local address by the low bits of the destination port, others by {@link FlowHash}, ICMP
     * errors as the packets that answer the quoted one, what is not IP to the first queue.
     */
    Steering BY_OWNER = Steering::byOwner;

    /**
     * @param owned the receiving port's
     * @return less than {@code queues}
     */
    int queue(long frame, int length, OwnedAddresses owned, int queues);

    private static int byOwner(long frame, int length, OwnedAddresses owned, int queues) {
        long ip = frame + Ethernet.LENGTH;
        if (length >= Ethernet.LENGTH + Ipv6.LENGTH && Ethernet.type(frame) == Ethernet.TYPE_IPV6) {
            return ipv6(ip, frame + length, owned, queues);
        }
        if (length < Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH || Ethernet.type(frame) != Ethernet.TYPE_IPV4) {
            return 0;
        }
        if (Ipv4.isFragment(ip)) {
            return FlowHash.ofFragment(ip, queues);
        }
        int transport = Ethernet.LENGTH + Ipv4.headerLength(ip);
        boolean ported = Ipv4.protocol(ip) == Ipv4.TCP || Ipv4.protocol(ip) == Ipv4.UDP;
        if (Ipv4.protocol(ip) == Ipv4.ICMP && length >= transport + Icmp.LENGTH) {
            return byQuote(ip, frame + transport, length - transport, owned, queues);
        }
        if (!ported || length < transport + 4) {
            return FlowHash.ofAddresses(ip, queues);
        }
        if (owned.local().contains(Address.ofIpv4(Ipv4.destination(ip)))) {
            return (Udp.destinationPort(frame + transport) & owned.mask()) % queues;
        }
        return FlowHash.ofFlow(ip, frame + transport, queues);
    }

    private static int byQuote(long ip, long icmp, int length, OwnedAddresses owned, int queues) {
        int quoted = IcmpQuote.isQuoting(Icmp.type(icmp)) ? IcmpQuote.transportOffset(icmp, length) : IcmpQuote.NONE;
        if (quoted == IcmpQuote.NONE) {
            return FlowHash.ofAddresses(ip, queues);
        }
        if (owned.local().contains(Address.ofIpv4(Ipv4.destination(ip)))) {
            return (Udp.sourcePort(icmp + quoted) & owned.mask()) % queues;
        }
        return FlowHash.ofFlow(IcmpQuote.ip(icmp), icmp + quoted, queues);
    }

    private static int ipv6(long ip, long end, OwnedAddresses owned, int queues) {
        int walked = ExtensionHeaders.walk(ip, end);
        if (walked == ExtensionHeaders.REFUSED) {
            return FlowHash.ofAddresses(ip, queues);
        }
        long at = ip + ExtensionHeaders.offset(walked);
        return switch (ExtensionHeaders.header(walked)) {
            case Ipv6.FRAGMENT ->
                at + Ipv6.FRAGMENT_LENGTH > end
                        ? FlowHash.ofAddresses(ip, queues)
                        : FlowHash.ofFragment(ip, at, queues);
            case Ipv6.ICMP ->
                at + Icmp6.LENGTH > end
                        ? FlowHash.ofAddresses(ip, queues)
                        : byQuote6(ip, at, (int) (end - at), owned, queues);
            case Ipv4.TCP, Ipv4.UDP -> {
                if (at + 4 > end) {
                    yield FlowHash.ofAddresses(ip, queues);
                }
                yield owned.local().contains(Address.at(ip + Ipv6.DESTINATION))
                        ? (Udp.destinationPort(at) & owned.mask()) % queues
                        : FlowHash.ofFlow(ip, at, queues);
            }
            default -> FlowHash.ofAddresses(ip, queues);
        };
    }

    private static int byQuote6(long ip, long icmp, int length, OwnedAddresses owned, int queues) {
        int quoted = Icmp6Quote.isQuoting(Icmp6.type(icmp)) ? Icmp6Quote.walk(icmp, length) : IcmpQuote.NONE;
        if (quoted == IcmpQuote.NONE) {
            return FlowHash.ofAddresses(ip, queues);
        }
        long quotedIp = Icmp6Quote.ip(icmp);
        long ports = quotedIp + ExtensionHeaders.offset(quoted);
        return owned.local().contains(Address.at(ip + Ipv6.DESTINATION))
                ? (Udp.sourcePort(ports) & owned.mask()) % queues
                : FlowHash.ofFlow(quotedIp, ports, queues);
    }
}

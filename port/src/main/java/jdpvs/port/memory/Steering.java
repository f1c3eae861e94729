package jdpvs.port.memory;

import jdpvs.port.OwnedAddresses;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.IcmpQuote;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Udp;

/** Which receive queue a frame goes to. */
@FunctionalInterface
public interface Steering {
    Steering FIRST_QUEUE = (frame, length, owned, queues) -> 0;

    /**
     * As an {@code AF_PACKET} port does it: frames to a local address by the low bits of the destination port, others by a symmetric hash of
     * addresses and ports (which hash is not promised), ICMP errors as the packets that answer the quoted one, other protocols to the first queue.
     */
    Steering BY_OWNER = Steering::byOwner;

    /**
     * @param owned the receiving port's
     * @return less than {@code queues}
     */
    int queue(long frame, int length, OwnedAddresses owned, int queues);

    private static int byOwner(long frame, int length, OwnedAddresses owned, int queues) {
        long ip = frame + Ethernet.LENGTH;
        if (length < Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH || Ethernet.type(frame) != Ethernet.TYPE_IPV4) {
            return 0;
        }
        int hash = (Ipv4.source(ip) ^ Ipv4.destination(ip)) * 0x9e3779b1;
        int transport = Ethernet.LENGTH + Ipv4.headerLength(ip);
        boolean ported = Ipv4.protocol(ip) == Ipv4.TCP || Ipv4.protocol(ip) == Ipv4.UDP;
        if (ported && !Ipv4.isFragment(ip) && length >= transport + 4) {
            int destinationPort = Udp.destinationPort(frame + transport);
            if (owned.local().contains(Ipv4.destination(ip))) {
                return (destinationPort & owned.mask()) % queues;
            }
            hash += (Udp.sourcePort(frame + transport) ^ destinationPort) * 0x5bd1e995;
        }
        if (Ipv4.protocol(ip) == Ipv4.ICMP && !Ipv4.isFragment(ip) && length >= transport + Icmp.LENGTH) {
            return byQuote(frame + transport, length - transport, Ipv4.destination(ip), owned, hash, queues);
        }
        return (hash >>> 16) % queues;
    }

    private static int byQuote(
            long icmp, int length, int destination, OwnedAddresses owned, int otherwise, int queues) {
        int quoted = IcmpQuote.isQuoting(Icmp.type(icmp)) ? IcmpQuote.transportOffset(icmp, length) : IcmpQuote.NONE;
        if (quoted == IcmpQuote.NONE) {
            return (otherwise >>> 16) % queues;
        }
        int sourcePort = Udp.sourcePort(icmp + quoted);
        if (owned.local().contains(destination)) {
            return (sourcePort & owned.mask()) % queues;
        }
        long ip = IcmpQuote.ip(icmp);
        int hash = (Ipv4.source(ip) ^ Ipv4.destination(ip)) * 0x9e3779b1;
        hash += (sourcePort ^ Udp.destinationPort(icmp + quoted)) * 0x5bd1e995;
        return (hash >>> 16) % queues;
    }
}

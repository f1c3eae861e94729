package jdpvs.port.memory;

import jdpvs.port.OwnedAddresses;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Udp;

/** Which receive queue a frame goes to. */
@FunctionalInterface
public interface Steering {
    Steering FIRST_QUEUE = (frame, length, owned, queues) -> 0;

    /**
     * As an {@code AF_PACKET} port does it: frames to a local address by the low bits of the destination port, others by a symmetric hash of
     * addresses and ports (which hash is not promised), other protocols to the first queue.
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
        return (hash >>> 16) % queues;
    }
}

package jdpvs.balancer.connection;

import jdpvs.wire.Address;
import jdpvs.wire.Ip;
import jdpvs.wire.Tcp;

/**
 * One direction of a TCP or UDP flow: what its packets carry, and the {@link FlowKey} that finds it in one worker's index. Changeable, so that a worker needs one for all
 * packets.
 */
public final class Flow {
    private final AddressHash hash;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private long addresses;
    private long ports;

    /** @param hash of the worker whose index is asked */
    Flow(AddressHash hash) {
        this.hash = hash;
    }

    /** Takes addresses (halves of an {@link Address}, both of one family) and ports in network meaning. */
    public Flow set(
            boolean udp,
            long newSourceHigh,
            long newSourceLow,
            int sourcePort,
            long newDestinationHigh,
            long newDestinationLow,
            int destinationPort) {
        sourceHigh = newSourceHigh;
        sourceLow = newSourceLow;
        destinationHigh = newDestinationHigh;
        destinationLow = newDestinationLow;
        boolean ipv6 = !Address.isIpv4(newSourceHigh, newSourceLow);
        addresses = ipv6
                ? hash.of(newSourceHigh, newSourceLow, newDestinationHigh, newDestinationLow)
                : FlowKey.addresses((int) newSourceLow, (int) newDestinationLow);
        ports = FlowKey.ports(udp, ipv6, sourcePort, destinationPort);
        return this;
    }

    /** As {@link #set(boolean, long, long, int, long, long, int)}. */
    public Flow set(boolean udp, Address source, int sourcePort, Address destination, int destinationPort) {
        return set(
                udp, source.high(), source.low(), sourcePort, destination.high(), destination.low(), destinationPort);
    }

    /** Takes what a packet carries. */
    public Flow read(boolean udp, long ip, long transport) {
        return set(
                udp,
                Ip.sourceHigh(ip),
                Ip.sourceLow(ip),
                Tcp.sourcePort(transport),
                Ip.destinationHigh(ip),
                Ip.destinationLow(ip),
                Tcp.destinationPort(transport));
    }

    /** Takes what a packet would carry that answers one. */
    public Flow readAnswer(boolean udp, long ip, long transport) {
        return set(
                udp,
                /* newSourceHigh= */ Ip.destinationHigh(ip),
                /* newSourceLow= */ Ip.destinationLow(ip),
                /* sourcePort= */ Tcp.destinationPort(transport),
                /* newDestinationHigh= */ Ip.sourceHigh(ip),
                /* newDestinationLow= */ Ip.sourceLow(ip),
                /* destinationPort= */ Tcp.sourcePort(transport));
    }

    /** The same flow with another destination port. */
    long portsTo(int destinationPort) {
        return FlowKey.ports(isUdp(), isIpv6(), FlowKey.sourcePort(ports), destinationPort);
    }

    public long addresses() {
        return addresses;
    }

    public long ports() {
        return ports;
    }

    public boolean isIpv6() {
        return FlowKey.isIpv6(ports);
    }

    public boolean isUdp() {
        return FlowKey.isUdp(ports);
    }

    public int sourcePort() {
        return FlowKey.sourcePort(ports);
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }
}

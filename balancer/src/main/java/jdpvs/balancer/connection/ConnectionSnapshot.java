package jdpvs.balancer.connection;

import jdpvs.wire.Address;

/**
 * One connection as a listing shows it.
 *
 * @param worker index from 0
 * @param state ordinal of a {@link TcpState} or {@link UdpState}
 * @param createdSeconds CLOCK_BOOTTIME
 */
public record ConnectionSnapshot(
        int worker,
        boolean udp,
        int state,
        int service,
        int server,
        Address clientAddress,
        int clientPort,
        Address virtualAddress,
        int virtualPort,
        Address localAddress,
        int localPort,
        Address serverAddress,
        int serverPort,
        int createdSeconds) {

    /** Whether packets of this connection carry what those of the flow do, in the given direction. */
    boolean isFlow(Flow flow, boolean outbound) {
        return outbound
                ? isFlow(flow, serverAddress, serverPort, localAddress, localPort)
                : isFlow(flow, clientAddress, clientPort, virtualAddress, virtualPort);
    }

    private boolean isFlow(Flow flow, Address source, int sourcePort, Address destination, int destinationPort) {
        return FlowKey.ports(udp, !source.isIpv4(), sourcePort, destinationPort) == flow.ports()
                && source.high() == flow.sourceHigh()
                && source.low() == flow.sourceLow()
                && destination.high() == flow.destinationHigh()
                && destination.low() == flow.destinationLow();
    }

    /** The state as {@code ipvsadm -lnc} prints it. */
    public String stateName() {
        return udp ? UdpState.of(state).listingName() : TcpState.of(state).listingName();
    }
}

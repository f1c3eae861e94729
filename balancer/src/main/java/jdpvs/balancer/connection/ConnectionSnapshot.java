package jdpvs.balancer.connection;

/**
 * One connection as a listing shows it; addresses are ints in network meaning.
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
        int clientAddress,
        int clientPort,
        int virtualAddress,
        int virtualPort,
        int localAddress,
        int localPort,
        int serverAddress,
        int serverPort,
        int createdSeconds) {

    /** Whether packets of this connection carry these addresses and ports in the given direction. */
    boolean isFlow(long addresses, long ports, boolean outbound) {
        return outbound
                ? FlowKey.addresses(serverAddress, localAddress) == addresses
                        && FlowKey.ports(udp, serverPort, localPort) == ports
                : FlowKey.addresses(clientAddress, virtualAddress) == addresses
                        && FlowKey.ports(udp, clientPort, virtualPort) == ports;
    }

    /** The state as {@code ipvsadm -lnc} prints it. */
    public String stateName() {
        return udp ? UdpState.of(state).listingName() : TcpState.of(state).listingName();
    }
}

package jdpvs.balancer.service;

import jdpvs.balancer.service.ServiceException.Kind;
import jdpvs.wire.Address;

/**
 * What names a service.
 *
 * @param port 1…65535
 */
public record VirtualEndpoint(Protocol protocol, Address address, int port) {

    /** Of IPv4, in network meaning: 10.0.0.1 is 0x0a000001. */
    public VirtualEndpoint(Protocol protocol, int address, int port) {
        this(protocol, Address.ofIpv4(address), port);
    }

    /**
     * Accepts what this room balances and refuses the rest by name.
     *
     * @param protocol IANA number
     * @throws ServiceException NOT_SUPPORTED for protocols other than TCP and UDP, INVALID for an impossible address or port
     */
    public static VirtualEndpoint of(int protocol, Address address, int port) throws ServiceException {
        Protocol known = switch (protocol) {
            case 6 -> Protocol.TCP;
            case 17 -> Protocol.UDP;
            case 132 -> throw unsupported("SCTP services");
            case 1 -> throw unsupported("ICMP services");
            case 58 -> throw unsupported("ICMPv6 services");
            default -> throw unsupported("services of protocol " + protocol);
        };
        VirtualEndpoint endpoint = new VirtualEndpoint(known, address, port);
        endpoint.validate();
        return endpoint;
    }

    void validate() throws ServiceException {
        Checks.unicast(address, "virtual address", this);
        if (port == 0) {
            throw new ServiceException(
                    Kind.INVALID, "service " + this + ": port 0 (every port) needs a persistent service");
        }
        Checks.port(port, "service " + this);
    }

    private static ServiceException unsupported(String what) {
        return new ServiceException(Kind.NOT_SUPPORTED, what + "; use TCP or UDP");
    }

    /** {@code TCP 10.0.0.1:80} or {@code TCP [2001:db8::1]:80}. */
    @Override
    public String toString() {
        return protocol + " " + address.withPort(port);
    }
}

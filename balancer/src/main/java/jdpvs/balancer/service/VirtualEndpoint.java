package jdpvs.balancer.service;

import jdpvs.balancer.service.ServiceException.Kind;

/**
 * What names a service.
 *
 * @param address in network meaning: 10.0.0.1 is 0x0a000001
 * @param port 1…65535
 */
public record VirtualEndpoint(Protocol protocol, int address, int port) {

    /**
     * Accepts what this room balances and refuses the rest by name.
     *
     * @param protocol IANA number
     * @param high upper 64 bits of an IPv6 address
     * @param low the 32 bits of an IPv4 address
     * @throws ServiceException NOT_SUPPORTED for IPv6 and for protocols other than TCP and UDP, INVALID for an impossible address or port
     */
    public static VirtualEndpoint of(int protocol, boolean ipv6, long high, long low, int port)
            throws ServiceException {
        Protocol known = switch (protocol) {
            case 6 -> Protocol.TCP;
            case 17 -> Protocol.UDP;
            case 132 -> throw unsupported("SCTP services");
            case 1 -> throw unsupported("ICMP services");
            case 58 -> throw unsupported("ICMPv6 services");
            default -> throw unsupported("services of protocol " + protocol);
        };
        if (ipv6) {
            throw unsupported("IPv6 services");
        }
        VirtualEndpoint endpoint = new VirtualEndpoint(known, (int) low, port);
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
        return new ServiceException(Kind.NOT_SUPPORTED, what + "; use TCP or UDP over IPv4");
    }

    /** {@code TCP 10.0.0.1:80}. */
    @Override
    public String toString() {
        return protocol + " " + AddressText.of(address) + ":" + port;
    }
}

package jdpvs.balancer.service;

import jdpvs.balancer.service.ServiceException.Kind;

/**
 * What names a real server within its service.
 *
 * @param address in network meaning
 * @param port 1…65535
 */
public record ServerEndpoint(int address, int port) {

    /**
     * @param high upper 64 bits of an IPv6 address
     * @param low the 32 bits of an IPv4 address
     * @throws ServiceException NOT_SUPPORTED for IPv6, INVALID for an impossible address or port
     */
    public static ServerEndpoint of(boolean ipv6, long high, long low, int port) throws ServiceException {
        if (ipv6) {
            throw new ServiceException(Kind.NOT_SUPPORTED, "IPv6 real servers; use an IPv4 address");
        }
        ServerEndpoint endpoint = new ServerEndpoint((int) low, port);
        endpoint.validate();
        return endpoint;
    }

    void validate() throws ServiceException {
        Checks.unicast(address, "real server", this);
        Checks.port(port, "real server " + this);
    }

    /** {@code 10.0.0.1:80}. */
    @Override
    public String toString() {
        return AddressText.of(address) + ":" + port;
    }
}

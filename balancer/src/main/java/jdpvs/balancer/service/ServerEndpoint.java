package jdpvs.balancer.service;

import jdpvs.wire.Address;

/**
 * What names a real server within its service.
 *
 * @param port 1…65535
 */
public record ServerEndpoint(Address address, int port) {

    /** Of IPv4, in network meaning. */
    public ServerEndpoint(int address, int port) {
        this(Address.ofIpv4(address), port);
    }

    /** @throws ServiceException INVALID for an impossible address or port */
    public static ServerEndpoint of(Address address, int port) throws ServiceException {
        ServerEndpoint endpoint = new ServerEndpoint(address, port);
        endpoint.validate();
        return endpoint;
    }

    void validate() throws ServiceException {
        Checks.unicast(address, "real server", this);
        Checks.port(port, "real server " + this);
    }

    /** {@code 10.0.0.1:80} or {@code [2001:db8::1]:80}. */
    @Override
    public String toString() {
        return address.withPort(port);
    }
}

package jdpvs.balancer.service;

import jdpvs.balancer.service.ServiceException.Kind;
import jdpvs.wire.Address;

/** What every address and port of a service must be. */
final class Checks {
    private Checks() {}

    /**
     * Refuses what never names one host on a wire: 0/8, loopback, multicast, reserved and the broadcast address (RFC 1122 §3.2.1.3), of IPv6 the
     * unspecified address, loopback, multicast and link-local ones, which name another host on each link (RFC 4291 §2.5).
     */
    static void unicast(Address address, String role, Object thing) throws ServiceException {
        int first = address.ipv4() >>> 24;
        boolean bad = address.isIpv4()
                ? first == 0 || first == 127 || first >= 224
                : address.isMulticast() || address.isLinkLocal() || (address.high() == 0 && address.low() >>> 1 == 0);
        if (bad) {
            throw new ServiceException(
                    Kind.INVALID, role + " " + address + " in " + thing + " is not a unicast address");
        }
    }

    static void port(int port, String thing) throws ServiceException {
        if (port < 1 || port > 65535) {
            throw new ServiceException(Kind.INVALID, thing + ": port " + port + " is outside 1…65535");
        }
    }
}

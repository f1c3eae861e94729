package jdpvs.balancer.service;

import jdpvs.balancer.service.ServiceException.Kind;

/** What every address and port of a service must be. */
final class Checks {
    private Checks() {}

    /** Refuses 0/8, loopback, multicast, reserved and the broadcast address (RFC 1122 §3.2.1.3): they never name one host on a wire. */
    static void unicast(int address, String role, Object thing) throws ServiceException {
        int first = address >>> 24;
        if (first == 0 || first == 127 || first >= 224) {
            throw new ServiceException(
                    Kind.INVALID, role + " " + AddressText.of(address) + " in " + thing + " is not a unicast address");
        }
    }

    static void port(int port, String thing) throws ServiceException {
        if (port < 1 || port > 65535) {
            throw new ServiceException(Kind.INVALID, thing + ": port " + port + " is outside 1…65535");
        }
    }
}

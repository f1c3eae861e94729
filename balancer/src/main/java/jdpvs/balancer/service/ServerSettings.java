package jdpvs.balancer.service;

import jdpvs.balancer.service.ServiceException.Kind;

/**
 * Everything an operator may ask of a real server.
 *
 * @param weight 0…65535; 0 takes no new connections
 * @param upperThreshold connections, active and inactive, from which on it takes no new ones; 0 = no limit
 * @param lowerThreshold kept and listed, never above the upper one; there is no separate hysteresis (facts: behaviour §3 Limits)
 */
public record ServerSettings(Forwarding forwarding, int weight, int upperThreshold, int lowerThreshold) {
    public static final int MAXIMUM_WEIGHT = 65535;

    /** Full-NAT without thresholds. */
    public static ServerSettings weight(int weight) {
        return new ServerSettings(Forwarding.FULLNAT, weight, 0, 0);
    }

    void validate(ServerEndpoint server, VirtualEndpoint service) throws ServiceException {
        String who = "server " + server + " of service " + service + ": ";
        if (forwarding != Forwarding.FULLNAT) {
            throw new ServiceException(
                    Kind.NOT_SUPPORTED, who + "forwarding by " + forwarding.text() + "; use full-NAT (-b)");
        }
        if (weight < 0 || weight > MAXIMUM_WEIGHT) {
            throw new ServiceException(Kind.INVALID, who + "weight " + weight + " is outside 0…" + MAXIMUM_WEIGHT);
        }
        if (upperThreshold < 0 || lowerThreshold < 0) {
            throw new ServiceException(
                    Kind.INVALID, who + "threshold " + Math.min(upperThreshold, lowerThreshold) + " is negative");
        }
        if (lowerThreshold > upperThreshold) {
            throw new ServiceException(
                    Kind.INVALID,
                    who + "lower threshold " + lowerThreshold + " is above the upper threshold " + upperThreshold);
        }
    }
}

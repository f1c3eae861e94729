package jdpvs.balancer.service;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import jdpvs.balancer.service.ServiceException.Kind;

/** Schedulers by the names that {@code ipvsadm -s} takes. */
public final class Schedulers {
    /** What {@code ipvsadm} uses when {@code -s} is not given. */
    public static final String DEFAULT = "wlc";

    private static final Map<String, Scheduler> SUPPORTED = Map.of(
            "rr", new RoundRobin(),
            "wrr", new WeightedRoundRobin(),
            "wlc", new WeightedLeastConnection());

    /** DPVS has these, this room has not. */
    private static final List<String> KNOWN = List.of("mh", "conhash", "fo");

    private Schedulers() {}

    /** @throws ServiceException NOT_SUPPORTED for a name that DPVS knows, NOT_EXIST for any other */
    public static Scheduler named(String name, VirtualEndpoint service) throws ServiceException {
        Scheduler scheduler = SUPPORTED.get(name);
        if (scheduler != null) {
            return scheduler;
        }
        if (KNOWN.contains(name)) {
            throw new ServiceException(
                    Kind.NOT_SUPPORTED, "service " + service + ": scheduler " + name + "; use rr, wrr or wlc");
        }
        throw new ServiceException(
                Kind.NOT_EXIST, "service " + service + ": scheduler '" + name + "'; use rr, wrr or wlc");
    }

    /** A scheduler whose name {@link #named} has accepted. */
    static Scheduler validated(String name) {
        return Objects.requireNonNull(SUPPORTED.get(name), name);
    }
}

package jdpvs.daemon.plane;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;

/**
 * Tells ports which addresses are dpvs's: what comes is owned before workers know it, what goes stays owned until they have forgotten it, so
 * that the kernel never answers for either.
 */
final class OwnedAddressUpdate {
    private final Collection<Port> ports;
    private final OwnedAddresses before;
    private final OwnedAddresses after;

    OwnedAddressUpdate(Collection<Port> ports, OwnedAddresses before, OwnedAddresses after) {
        this.ports = ports;
        this.before = before;
        this.after = after;
    }

    /** Interface addresses, virtual addresses and local addresses. */
    static OwnedAddresses of(NetworkConfiguration network, ServiceConfiguration services, int mask) {
        Set<Integer> all = new HashSet<>();
        Set<Integer> local = new HashSet<>();
        for (InterfaceAddress address : network.addresses()) {
            all.add(address.address());
        }
        for (Service service : services.services()) {
            all.add(service.address());
            for (LocalAddress address : service.localAddresses()) {
                all.add(address.address());
                local.add(address.address());
            }
        }
        return new OwnedAddresses(all, local, mask);
    }

    OwnedAddresses after() {
        return after;
    }

    /** Call it before the new configuration is published. */
    void beforePublishing() {
        OwnedAddresses both = new OwnedAddresses(
                union(before.all(), after.all()), union(before.local(), after.local()), after.mask());
        if (!both.equals(before)) {
            ports.forEach(port -> port.own(both));
        }
    }

    /** Call it after the new configuration is published. */
    void afterPublishing() {
        if (!after.all().containsAll(before.all()) || !after.local().containsAll(before.local())) {
            ports.forEach(port -> port.own(after));
        }
    }

    private static Set<Integer> union(Set<Integer> one, Set<Integer> other) {
        Set<Integer> union = new HashSet<>(one);
        union.addAll(other);
        return union;
    }
}

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
import jdpvs.wire.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells ports which addresses are dpvs's: what comes is owned before workers know it, what goes stays owned until they have forgotten it, so
 * that the kernel never answers for either.
 */
final class OwnedAddressUpdate {
    /** As many as a port's table in the kernel holds; kept here so that a change that would not fit is refused before it is made. */
    static final int LARGEST = OwnedAddresses.CAPACITY;

    private static final Logger LOG = LoggerFactory.getLogger("NETIF");

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
        Set<Address> all = new HashSet<>();
        Set<Address> local = new HashSet<>();
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
        for (Address address : network.draining().keySet()) {
            all.add(address);
            local.add(address);
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
            tell(both);
        }
    }

    /** Call it after the new configuration is published. */
    void afterPublishing() {
        if (!after.all().containsAll(before.all()) || !after.local().containsAll(before.local())) {
            tell(after);
        }
    }

    /** The workers must follow in any case, so a port that fails is named and left behind. */
    private void tell(OwnedAddresses addresses) {
        for (Port port : ports) {
            try {
                port.own(addresses);
            } catch (RuntimeException e) {
                LOG.error("{}: the kernel was not told which addresses are ours", port.name(), e);
            }
        }
    }

    private static Set<Address> union(Set<Address> one, Set<Address> other) {
        Set<Address> union = new HashSet<>(one);
        union.addAll(other);
        return union;
    }
}

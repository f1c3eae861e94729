package jdpvs.daemon.plane;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import jdpvs.port.Port;
import jdpvs.wire.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells ports' control queues which addresses are the kernel's: before workers leave a new one to them, and until workers have forgotten an old one, so that the kernel
 * misses no packet. It may see one twice.
 */
final class KernelAddressUpdate {
    private static final Logger LOG = LoggerFactory.getLogger("Kni");

    private final Collection<Port> ports;
    private final Set<Address> before;
    private final Set<Address> after;

    KernelAddressUpdate(Collection<Port> ports, Set<Address> before, Set<Address> after) {
        this.ports = ports;
        this.before = before;
        this.after = after;
    }

    Set<Address> after() {
        return after;
    }

    /** Call it before the new configuration is published. */
    void beforePublishing() {
        if (!before.containsAll(after)) {
            Set<Address> both = new HashSet<>(before);
            both.addAll(after);
            tell(both);
        }
    }

    /** Call it after the new configuration is published. */
    void afterPublishing() {
        if (!after.containsAll(before)) {
            tell(after);
        }
    }

    private void tell(Set<Address> addresses) {
        for (Port port : ports) {
            try {
                port.kernelOwns(addresses);
            } catch (RuntimeException e) {
                LOG.error("{}: the port was not told which addresses are the kernel's", port.name(), e);
            }
        }
    }
}

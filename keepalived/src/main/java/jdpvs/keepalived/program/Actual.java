package jdpvs.keepalived.program;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.control.Control;
import jdpvs.control.ControlJson;
import jdpvs.control.ServiceKey;
import jdpvs.control.Views;

/**
 * What dpvs has, whoever made it.
 *
 * @param leftover what keepalived processes made that are dead now, by their last reports
 */
record Actual(String instance, Map<ServiceKey, Held> services, Set<WantedAddress> addresses, Leftover leftover) {
    /** @throws IOException also when dpvs was started anew meanwhile */
    static Actual read(Control control) throws IOException {
        String instance = control.status().instance();
        Map<ServiceKey, Held> services = new HashMap<>();
        for (Views.Service service : control.services()) {
            services.put(service.key(), Held.of(service));
        }
        Set<WantedAddress> addresses = new HashSet<>();
        for (Views.Address address : control.addresses(false)) {
            addresses.add(
                    new WantedAddress(address.device(), address.address(), address.prefixLength(), address.scope()));
        }
        Leftover leftover = leftover(control);
        if (!control.status().instance().equals(instance)) {
            throw new IOException("dpvs was started anew while it was asked what it has");
        }
        return new Actual(instance, services, addresses, leftover);
    }

    /** A report that cannot be read, say of another version, must not keep a master from its addresses. */
    private static Leftover leftover(Control control) throws IOException {
        try {
            return Leftover.of(control.keepalived());
        } catch (ControlJson.JsonException e) {
            Programmer.LOG.warn("what a keepalived before this one left on dpvs stays there: {}", e.getMessage());
            return Leftover.of(List.of());
        }
    }
}

package jdpvs.keepalived.program;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jdpvs.control.Control;
import jdpvs.control.ServiceKey;
import jdpvs.control.Views;

/**
 * What dpvs has, whoever made it.
 *
 * @param leftover what a keepalived made that is dead now, when it was the last one to report
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
        Leftover leftover = Leftover.of(control.keepalived());
        if (!control.status().instance().equals(instance)) {
            throw new IOException("dpvs was started anew while it was asked what it has");
        }
        return new Actual(instance, services, addresses, leftover);
    }
}

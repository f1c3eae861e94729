package jdpvs.keepalived.program;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jdpvs.control.Control;
import jdpvs.control.ServiceKey;
import jdpvs.control.Views;

/** What dpvs has, whoever made it. */
record Actual(String instance, Map<ServiceKey, Held> services, Set<WantedAddress> addresses) {
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
        if (!control.status().instance().equals(instance)) {
            throw new IOException("dpvs was started anew while it was asked what it has");
        }
        return new Actual(instance, services, addresses);
    }
}

package jdpvs.keepalived.program;

import jdpvs.control.IpAddress;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.VirtualRoute;

/** What dpvs has or has not as a whole: one that is refused is left out alone. */
sealed interface Item {
    record OfService(ServiceKey key) implements Item {}

    record OfAddress(String device, IpAddress address) implements Item {
        static OfAddress of(WantedAddress wanted) {
            return new OfAddress(wanted.device(), wanted.address());
        }
    }

    record OfRoute(VirtualRoute route) implements Item {}

    record OfAnnouncement(WantedAddress address) implements Item {}
}

package jdpvs.keepalived.program;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.VirtualRoute;

/**
 * dpvs, as seen by those who know what it is to have. Each call replaces what was wanted before, returns at once, and is carried out soon, also when dpvs is not there now or starts anew: what is wanted
 * lasts. Any thread may call.
 */
public interface Balancer {
    void services(Map<ServiceKey, WantedService> wanted);

    void addresses(Set<WantedAddress> wanted);

    /** Each with a device. */
    void routes(Set<VirtualRoute> wanted);

    /** Gratuitous ARP or an unsolicited neighbour advertisement for each, once, after what was wanted before this call has been carried out. Lost when dpvs is not there. */
    void announce(Collection<WantedAddress> addresses);

    /** Carries out in one transaction whatever the action asks for by the calls above. */
    void together(Runnable action);
}

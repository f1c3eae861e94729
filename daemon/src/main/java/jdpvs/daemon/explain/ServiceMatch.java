package jdpvs.daemon.explain;

import java.util.List;
import jdpvs.balancer.service.Service;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/** Which service a packet is for, and if none, which one it might have been meant for. */
final class ServiceMatch {
    private static final String SERVICES = "ipvsadm -ln";

    private final Tables tables;

    ServiceMatch(Tables tables) {
        this.tables = tables;
    }

    @Nullable Service find(boolean udp, Address address, int port, Findings findings) {
        Service service = tables.services().lookup(udp ? Ipv4.UDP : Ipv4.TCP, address.high(), address.low(), port);
        if (service != null) {
            findings.ok(
                    "service",
                    () -> Texts.service(service) + ", scheduler "
                            + service.settings().scheduler(),
                    SERVICES);
        } else {
            findings.bad(
                    "service",
                    () -> "none for " + (udp ? "UDP " : "TCP ") + address.withPort(port) + others(address),
                    SERVICES);
        }
        return service;
    }

    /** What a missing service's verdict adds to its reason. */
    String missing(boolean udp, Address address, int port) {
        return "no service for " + (udp ? "UDP " : "TCP ") + address.withPort(port) + others(address);
    }

    static String remedy(boolean udp, Address address, int port) {
        return "ipvsadm -A " + (udp ? "-u " : "-t ") + address.withPort(port) + " -s rr";
    }

    private String others(Address address) {
        List<String> here = tables.services().services().stream()
                .filter(service -> service.address().equals(address))
                .map(Texts::service)
                .limit(5)
                .toList();
        return here.isEmpty() ? "; no service has this address" : "; this address has " + String.join(", ", here);
    }
}

package jdpvs.daemon.explain;

import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.Service;
import jdpvs.wire.Address;

/** Names of things as the tools print and take them. */
final class Texts {
    private Texts() {}

    /** {@code -t 10.0.96.204:80}. */
    static String option(Service service) {
        return (service.protocol().number() == 6 ? "-t " : "-u ")
                + service.address().withPort(service.port());
    }

    /** {@code -r 192.168.229.1:80}. */
    static String option(Server server) {
        return "-r " + server.address().withPort(server.port());
    }

    /** {@code TCP 10.0.96.204:80}. */
    static String service(Service service) {
        return service.protocol() + " " + service.address().withPort(service.port());
    }

    static String server(Server server) {
        return server.address().withPort(server.port());
    }

    /** By what a neighbour asks for an address: {@code ARP} or {@code neighbour discovery}. */
    static String resolution(Address address) {
        return address.isIpv4() ? "ARP" : "neighbour discovery";
    }

    static String count(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    /** {@code 12 s} or {@code 850 ms}. */
    static String span(long millis) {
        return millis < 1000 ? Math.max(0, millis) + " ms" : millis / 1000 + " s";
    }
}

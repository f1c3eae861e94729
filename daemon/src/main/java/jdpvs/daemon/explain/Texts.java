package jdpvs.daemon.explain;

import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.Service;
import jdpvs.wire.Ipv4Address;

/** Names of things as the tools print and take them. */
final class Texts {
    private Texts() {}

    static String address(int address) {
        return Ipv4Address.format(address);
    }

    static String endpoint(int address, int port) {
        return Ipv4Address.format(address) + ":" + port;
    }

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

    static String count(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    /** {@code 12 s} or {@code 850 ms}. */
    static String span(long millis) {
        return millis < 1000 ? Math.max(0, millis) + " ms" : millis / 1000 + " s";
    }
}

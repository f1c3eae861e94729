package jdpvs.balancer.service;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Counters of some workers in memory that lives as long as the test run, and a table over them. */
final class Fixture {
    final List<ServerCounters> counters = new ArrayList<>();
    final ServerStatistics statistics;
    final ServiceTable table;

    Fixture(int workers, Limits limits) {
        for (int i = 0; i < workers; i++) {
            long bytes = ServerCounters.bytes(limits.servers());
            counters.add(new ServerCounters(Arena.global().allocate(bytes, 64).address()));
        }
        statistics = new ServerStatistics(counters, limits.servers());
        table = new ServiceTable(limits, statistics);
    }

    Fixture(int workers) {
        this(workers, new Limits(64, 256, 16));
    }

    static int address(String quad) {
        int value = 0;
        for (String octet : quad.split("\\.", -1)) {
            value = value << 8 | Integer.parseInt(octet);
        }
        return value;
    }

    static VirtualEndpoint tcp(String address, int port) {
        return new VirtualEndpoint(Protocol.TCP, address(address), port);
    }

    static ServerEndpoint server(String address, int port) {
        return new ServerEndpoint(address(address), port);
    }

    /** One service 10.10.1.100:5003 with servers 10.10.2.11:7001 and following, added in the order of the weights. */
    Service service(String scheduler, int... weights) throws ServiceException {
        VirtualEndpoint endpoint = tcp("10.10.1.100", 5003);
        ServiceTransaction change = table.begin().addService(endpoint, ServiceSettings.of(scheduler));
        for (int i = 0; i < weights.length; i++) {
            change.addServer(endpoint, server("10.10.2." + (11 + i), 7001 + i), ServerSettings.weight(weights[i]));
        }
        return Objects.requireNonNull(change.commit().service(endpoint));
    }
}

package jdpvs.balancer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerStatisticsTest {
    private final Fixture fixture = new Fixture(2);
    private Service service;
    private Server server;

    @BeforeEach
    void addService() throws ServiceException {
        service = fixture.service("rr", 1, 1);
        server = service.servers()[0];
    }

    private void traffic(int worker, Server to, int packets) {
        for (int i = 0; i < packets; i++) {
            fixture.counters.get(worker).in(to.id(), 1, 100);
            fixture.counters.get(worker).out(to.id(), 1, 1500);
        }
    }

    @Test
    void sumsWorkersAndServers() {
        fixture.counters.get(0).created(server.id());
        fixture.counters.get(1).created(server.id());
        fixture.counters.get(1).becameActive(server.id());
        traffic(0, server, 2);
        traffic(1, service.servers()[1], 3);
        assertThat(fixture.statistics.counts(server)).isEqualTo(new Counts(2, 2, 2, 200, 3000));
        assertThat(fixture.statistics.counts(service)).isEqualTo(new Counts(2, 5, 5, 500, 7500));
        assertThat(fixture.statistics.active(server.id())).isEqualTo(1);
        assertThat(fixture.statistics.inactive(server.id())).isEqualTo(1);
        fixture.counters.get(1).becameInactive(server.id());
        fixture.counters.get(1).ended(server.id(), false);
        fixture.counters.get(0).ended(server.id(), false);
        assertThat(fixture.statistics.idle(server.id())).isTrue();
    }

    /** A server whose one connection changes its state just now must not lose its id. */
    @Test
    void isNeverIdleWhileAConnectionChangesItsState() throws InterruptedException {
        ServerCounters worker = fixture.counters.getFirst();
        worker.created(server.id());
        AtomicBoolean done = new AtomicBoolean();
        Thread states = new Thread(() -> {
            while (!done.get()) {
                worker.becameActive(server.id());
                worker.becameInactive(server.id());
            }
        });
        states.start();
        int idle = 0;
        for (int i = 0; i < 2_000_000; i++) {
            idle += fixture.statistics.idle(server.id()) ? 1 : 0;
        }
        done.set(true);
        states.join();
        assertThat(idle).isZero();
    }

    @Test
    void zeroingKeepsConnections() {
        fixture.counters.get(0).created(server.id());
        traffic(0, server, 5);
        fixture.statistics.zero(service);
        assertThat(fixture.statistics.counts(service)).isEqualTo(Counts.ZERO);
        assertThat(fixture.statistics.inactive(server.id())).isEqualTo(1);
        traffic(1, server, 1);
        assertThat(fixture.statistics.counts(server)).isEqualTo(new Counts(0, 1, 1, 100, 1500));
    }

    @Test
    void ratesCoverTheLastTwoSeconds() {
        ServiceConfiguration now = fixture.table.current();
        assertThat(fixture.statistics.rates(server)).isEqualTo(Counts.ZERO);
        fixture.statistics.sample(now, 10_000);
        traffic(0, server, 10);
        assertThat(fixture.statistics.rates(server)).isEqualTo(Counts.ZERO);
        fixture.statistics.sample(now, 11_000);
        assertThat(fixture.statistics.rates(server)).isEqualTo(new Counts(0, 10, 10, 1000, 15000));
        traffic(1, server, 20);
        fixture.counters.get(0).created(server.id());
        fixture.statistics.sample(now, 12_000);
        assertThat(fixture.statistics.rates(server)).isEqualTo(new Counts(1, 15, 15, 1500, 22500));
        assertThat(fixture.statistics.rates(service)).isEqualTo(new Counts(1, 15, 15, 1500, 22500));
        fixture.statistics.zero(service);
        fixture.statistics.sample(now, 13_000);
        assertThat(fixture.statistics.rates(server)).isEqualTo(new Counts(1, 10, 10, 1000, 15000));
        fixture.statistics.sample(now, 14_000);
        fixture.statistics.sample(now, 14_000);
        assertThat(fixture.statistics.rates(server)).isEqualTo(Counts.ZERO);
    }

    @Test
    void overloadedWhenTheUpperThresholdIsReached() {
        Server limited =
                new Server(server.id(), 1, 0, server.endpoint(), new ServerSettings(Forwarding.FULLNAT, 1, 2, 1));
        fixture.counters.get(0).created(server.id());
        assertThat(fixture.statistics.overloaded(limited)).isFalse();
        fixture.counters.get(1).created(server.id());
        assertThat(fixture.statistics.overloaded(limited)).isTrue();
        assertThat(fixture.statistics.overloaded(server)).isFalse();
    }
}

package jdpvs.balancer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerTest {
    /** The last octets minus 10 of the servers that DPVS 1.10.2 chose for port 5003 (facts: schedulers-dpvs-1.10.2). */
    private static final List<Integer> RECORDED =
            List.of(4, 3, 2, 1, 5, 5, 5, 3, 5, 3, 2, 5, 4, 3, 2, 1, 5, 5, 5, 3, 5, 3, 2, 5, 4, 3, 2, 1, 5, 5);

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Which servers, by the order in which they were added, from 1; 0 = none. */
    private static List<Integer> choices(Service service, ServerCounters counters, SchedulerState state, int count) {
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Server server = service.scheduler().schedule(service, counters, state);
            chosen.add(server == null ? 0 : server.port() - 7000);
        }
        return chosen;
    }

    private static List<Integer> choices(String scheduler, int count, int... weights) throws ServiceException {
        Fixture fixture = new Fixture(1);
        return choices(
                fixture.service(scheduler, weights), fixture.counters.getFirst(), new SchedulerState(0, 1, 64), count);
    }

    @Test
    void wrrReproducesTheRecordedSequence() throws ServiceException {
        assertThat(choices("wrr", 30, 1, 2, 3, 1, 5)).isEqualTo(RECORDED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rr  | 1 1 1     | 2 1 3 2 1 3",
                "rr  | 1 1       | 1 2 1 2",
                "rr  | 5 0 1     | 1 3 1 3",
                "rr  | 0 0       | 0 0",
                "rr  | 1         | 1 1",
                "wrr | 1         | 1 1",
                "wrr | 0         | 0 0",
                "wrr | 3 0       | 1 1 1",
                "wrr | 10 20     | 1 2 2 1 2 2",
                "wlc | 1 1 1     | 3 3 3",
                "wlc | 1 0       | 1 1",
                "wlc | 0 0       | 0 0",
            })
    void choosesFromTheStart(String scheduler, String weights, String expected) throws ServiceException {
        int[] w = Arrays.stream(weights.split(" ")).mapToInt(Integer::parseInt).toArray();
        List<Integer> wanted =
                Arrays.stream(expected.split(" ")).map(Integer::parseInt).toList();
        assertThat(choices(scheduler, wanted.size(), w)).isEqualTo(wanted);
    }

    @Test
    void noServersNoChoice() throws ServiceException {
        for (String scheduler : List.of("rr", "wrr", "wlc")) {
            assertThat(choices(scheduler, 2)).containsExactly(0, 0);
        }
    }

    @Test
    void wrrIsFairForRandomWeights() throws ServiceException {
        RandomGenerator random = random(42);
        for (int round = 0; round < 200; round++) {
            int[] weights = random.ints(1 + random.nextInt(12), 0, 20).toArray();
            int cycle = Arrays.stream(weights).sum();
            int[] counts = new int[weights.length];
            for (int chosen : choices("wrr", cycle, weights)) {
                if (chosen > 0) {
                    counts[chosen - 1]++;
                }
            }
            assertThat(counts).as("weights %s", Arrays.toString(weights)).containsExactly(weights);
        }
    }

    @Test
    void wrrWorkersBeginEvenlySpreadOverTheCycle() throws ServiceException {
        RandomGenerator random = random(7);
        for (int round = 0; round < 200; round++) {
            int[] weights =
                    random.ints(1 + random.nextInt(9), 0, 12).map(w -> w * 3).toArray();
            int workers = 1 + random.nextInt(6);
            Fixture fixture = new Fixture(workers);
            Service service = fixture.service("wrr", weights);
            int cycle = Arrays.stream(weights).sum() / service.weightStep();
            if (cycle == 0) {
                continue;
            }
            List<Integer> whole =
                    choices(service, fixture.counters.getFirst(), new SchedulerState(0, 1, 64), 2 * cycle);
            for (int w = 0; w < workers; w++) {
                int skipped = (int) ((long) cycle * w / workers);
                assertThat(choices(service, fixture.counters.get(w), new SchedulerState(w, workers, 64), cycle))
                        .isEqualTo(whole.subList(skipped, skipped + cycle));
            }
        }
    }

    @Test
    void rrWorkersBeginAtDifferentServers() throws ServiceException {
        Fixture fixture = new Fixture(4);
        Service service = fixture.service("rr", 1, 1, 1, 1, 1, 1, 1, 1);
        List<Integer> first = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            first.addAll(choices(service, fixture.counters.get(w), new SchedulerState(w, 4, 64), 1));
        }
        assertThat(first).containsExactly(7, 5, 3, 1);
    }

    @Test
    void wlcBalancesConnectionsByWeight() throws ServiceException {
        Fixture fixture = new Fixture(1);
        Service service = fixture.service("wlc", 1, 2, 5);
        ServerCounters counters = fixture.counters.getFirst();
        SchedulerState state = new SchedulerState(0, 1, 64);
        for (int i = 0; i < 800; i++) {
            Server server = Objects.requireNonNull(service.scheduler().schedule(service, counters, state));
            counters.created(server.id());
            counters.becameActive(server.id());
        }
        assertThat(service.servers()).extracting(s -> counters.active(s.id())).containsExactly(500, 200, 100);
    }

    @Test
    void wlcCountsAnActiveConnectionAs256InactiveOnes() throws ServiceException {
        Fixture fixture = new Fixture(1);
        Service service = fixture.service("wlc", 1, 1);
        ServerCounters counters = fixture.counters.getFirst();
        Server newer = service.servers()[0];
        Server older = service.servers()[1];
        counters.created(newer.id());
        counters.becameActive(newer.id());
        for (int i = 0; i < 255; i++) {
            counters.created(older.id());
        }
        SchedulerState state = new SchedulerState(0, 1, 64);
        assertThat(service.scheduler().schedule(service, counters, state)).isSameAs(older);
        counters.created(older.id());
        assertThat(service.scheduler().schedule(service, counters, state)).isSameAs(newer);
    }

    @ParameterizedTest
    @CsvSource({"rr", "wrr", "wlc"})
    void overloadedServersAreSkippedAndComeBack(String scheduler) throws ServiceException {
        Fixture fixture = new Fixture(1);
        VirtualEndpoint endpoint = Fixture.tcp("10.10.1.100", 80);
        Service service = Objects.requireNonNull(fixture.table
                .begin()
                .addService(endpoint, ServiceSettings.of(scheduler))
                .addServer(
                        endpoint,
                        Fixture.server("10.10.2.11", 7001),
                        new ServerSettings(Forwarding.FULLNAT, 65535, 3, 1))
                .addServer(
                        endpoint, Fixture.server("10.10.2.12", 7002), new ServerSettings(Forwarding.FULLNAT, 1, 2, 0))
                .commit()
                .service(endpoint));
        ServerCounters counters = fixture.counters.getFirst();
        SchedulerState state = new SchedulerState(0, 1, 64);
        int[] chosen = new int[3];
        for (int i = 0; i < 5; i++) {
            Server server = Objects.requireNonNull(service.scheduler().schedule(service, counters, state));
            counters.created(server.id());
            chosen[server.port() - 7000]++;
        }
        assertThat(chosen).containsExactly(0, 3, 2);
        assertThat(service.scheduler().schedule(service, counters, state)).isNull();
        counters.ended(service.servers()[1].id(), false);
        assertThat(service.scheduler().schedule(service, counters, state)).isSameAs(service.servers()[1]);
    }

    @Test
    void upperThresholdIsDividedOverWorkers() throws ServiceException {
        Server server =
                new Server(0, 1, 0, Fixture.server("10.0.0.1", 80), new ServerSettings(Forwarding.FULLNAT, 1, 10, 0));
        assertThat(server.upperThreshold()).isEqualTo(10);
        assertThat(List.of(server.upperThreshold(0, 4), server.upperThreshold(1, 4), server.upperThreshold(3, 4)))
                .containsExactly(3, 3, 2);
        assertThat(server.upperThreshold(15, 16)).isEqualTo(1);
    }

    @Test
    void turnGoesOnWhenServersComeAndGo() throws ServiceException {
        Fixture fixture = new Fixture(1);
        VirtualEndpoint endpoint = Fixture.tcp("10.10.1.100", 5003);
        Service service = fixture.service("rr", 1, 1, 1, 1);
        ServerCounters counters = fixture.counters.getFirst();
        SchedulerState state = new SchedulerState(0, 1, 64);
        assertThat(choices(service, counters, state, 2)).containsExactly(3, 2);
        service = Objects.requireNonNull(fixture.table
                .begin()
                .deleteServer(endpoint, Fixture.server("10.10.2.12", 7002))
                .commit()
                .service(endpoint));
        assertThat(choices(service, counters, state, 4)).containsExactly(1, 4, 3, 1);
        service = Objects.requireNonNull(fixture.table
                .begin()
                .addServer(endpoint, Fixture.server("10.10.2.19", 7009), ServerSettings.weight(1))
                .commit()
                .service(endpoint));
        assertThat(choices(service, counters, state, 4)).containsExactly(9, 4, 3, 1);
    }

    @Test
    void randomChangesNeverBreakTheTurn() throws ServiceException {
        RandomGenerator random = random(11);
        Fixture fixture = new Fixture(1);
        VirtualEndpoint endpoint = Fixture.tcp("10.10.1.100", 5003);
        fixture.service("wrr", 1);
        SchedulerState state = new SchedulerState(0, 1, 64);
        for (int round = 0; round < 3000; round++) {
            ServerEndpoint server = Fixture.server("10.10.2.11", 7001 + random.nextInt(8));
            ServerSettings settings = ServerSettings.weight(random.nextInt(4) * random.nextInt(100));
            ServiceTransaction change = fixture.table.begin();
            try {
                switch (random.nextInt(4)) {
                    case 0 -> change.addServer(endpoint, server, settings);
                    case 1 -> change.editServer(endpoint, server, settings);
                    case 2 -> change.deleteServer(endpoint, server);
                    default ->
                        change.editService(
                                endpoint,
                                ServiceSettings.of(List.of("rr", "wrr", "wlc").get(random.nextInt(3))));
                }
            } catch (ServiceException refused) {
                continue;
            }
            Service service = Objects.requireNonNull(change.commit().service(endpoint));
            boolean any = service.heaviest() > 0;
            for (int i = 0; i < 5; i++) {
                Server chosen = service.scheduler().schedule(service, fixture.counters.getFirst(), state);
                assertThat(chosen != null).isEqualTo(any);
                if (chosen != null) {
                    assertThat(chosen.weight()).isPositive();
                    assertThat(fixture.table.current().server(chosen.id())).isSameAs(chosen);
                }
            }
        }
    }

    @Test
    void allocatesNothing() throws ServiceException {
        for (String scheduler : List.of("rr", "wrr", "wlc")) {
            Fixture fixture = new Fixture(1);
            Service service = fixture.service(scheduler, 1, 2, 3, 4);
            ServiceConfiguration configuration = fixture.table.current();
            ServerCounters counters = fixture.counters.getFirst();
            SchedulerState state = new SchedulerState(0, 1, 64);
            long allocated = Long.MAX_VALUE;
            // The interpreter boxes nothing either, but compilation may be under way in the first turns.
            for (int turn = 0; turn < 20 && allocated != 0; turn++) {
                long before = Allocation.bytes();
                for (int i = 0; i < 20_000; i++) {
                    Service found = configuration.lookup(
                            6, service.address().high(), service.address().low(), service.port());
                    if (found == null
                            || found.scheduler().schedule(found, counters, state) == null
                            || configuration.isLocalAddress(i)
                            || configuration.isVirtualAddress(i)) {
                        throw new AssertionError(scheduler);
                    }
                    counters.in(0, 1, 60);
                }
                allocated = Allocation.bytes() - before;
            }
            assertThat(allocated).as(scheduler).isZero();
        }
    }
}

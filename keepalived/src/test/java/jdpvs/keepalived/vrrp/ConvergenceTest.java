package jdpvs.keepalived.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.wire.Address;
import jdpvs.wire.vrrp.Advertisement;
import jdpvs.wire.vrrp.Reading;
import jdpvs.wire.vrrp.Refusal;
import org.junit.jupiter.api.Test;

/** Hosts at a link that loses, delays and divides, with seeded chance; and any advertisement that anybody may send. */
class ConvergenceTest {
    private static VrrpInstance instance(Random random, String name, int virtualRouterId) {
        InstanceBuilder builder = new InstanceBuilder();
        builder.name = name;
        builder.virtualRouterId = virtualRouterId;
        builder.addresses = List.of("192.0.2." + virtualRouterId);
        builder.version = virtualRouterId == 77 ? 2 : 3;
        builder.interval = Duration.ofSeconds(1);
        builder.priority = 1 + random.nextInt(random.nextBoolean() ? 254 : 2);
        builder.preempt = random.nextInt(4) > 0;
        builder.preemptDelay = Duration.ofSeconds(random.nextInt(3) == 0 ? random.nextInt(20) : 0);
        builder.startsAsMaster = random.nextInt(3) == 0;
        builder.lowerPriorityNoAdvertisement = random.nextInt(4) == 0;
        return builder.build();
    }

    @Test
    void thereIsOneMasterInTheEnd() {
        for (int seed = 0; seed < 400; seed++) {
            Simulation simulation = new Simulation(seed);
            Random random = simulation.random;
            simulation.loss = random.nextDouble() * 0.9;
            simulation.longestDelay = 1L + random.nextInt(200_000_000);
            int hosts = 2 + random.nextInt(3);
            boolean grouped = random.nextBoolean();
            for (int i = 1; i <= hosts; i++) {
                simulation.host(i, grouped ? "G" : null, instance(random, "VI_1", 77), instance(random, "VI_2", 78));
                simulation.run(random.nextDouble() * 3);
            }
            for (int n = random.nextInt(8); n > 0; n--) {
                Simulation.Host host = simulation.hosts.get(random.nextInt(hosts));
                switch (random.nextInt(4)) {
                    case 0 -> host.conditions("fault");
                    case 1 -> host.conditions(null);
                    case 2 -> host.partition = random.nextInt(2);
                    default -> host.router().setPriority(1 + random.nextInt(254));
                }
                simulation.run(random.nextDouble() * 10);
            }
            // The link is whole again; those who can serve find out who does.
            simulation.loss = 0;
            for (Simulation.Host host : simulation.hosts) {
                host.partition = 0;
                host.conditions(null);
            }
            simulation.run(60);
            for (String name : List.of("VI_1", "VI_2")) {
                assertThat(simulation.masters(name))
                        .as("seed %s %s", seed, name)
                        .isEqualTo(1);
            }
            List<Integer> transitions =
                    simulation.hosts.stream().map(host -> host.entered.size()).toList();
            simulation.run(100);
            assertThat(simulation.hosts.stream().map(host -> host.entered.size()))
                    .as("seed %s stays", seed)
                    .isEqualTo(transitions);
            if (grouped) {
                for (Simulation.Host host : simulation.hosts) {
                    assertThat(host.routers.values().stream()
                                    .map(VirtualRouter::state)
                                    .distinct())
                            .as("seed %s together", seed)
                            .hasSize(1);
                }
            }
        }
    }

    @Test
    void aSplitLinkHealsToTheBetterOne() {
        for (int seed = 0; seed < 100; seed++) {
            Simulation simulation = new Simulation(seed);
            InstanceBuilder builder = new InstanceBuilder();
            builder.priority = 100;
            simulation.host(1, builder.build());
            builder.priority = 100 + simulation.random.nextInt(2) * 50;
            Simulation.Host better = simulation.host(2, builder.build());
            better.partition = 1;
            simulation.run(10 + simulation.random.nextDouble());
            assertThat(simulation.masters("VI_1")).isEqualTo(2);
            better.partition = 0;
            // Within one interval each has heard the other.
            simulation.run(1.01);
            assertThat(simulation.masters("VI_1")).isEqualTo(1);
            assertThat(better.state()).isEqualTo(State.MASTER);
        }
    }

    @Test
    void groupMembersAreMastersBackupsAndFaultyTogether() {
        Simulation simulation = new Simulation(3);
        Simulation.Host one = simulation.host(1, "G", group(150, 150));
        Simulation.Host two = simulation.host(2, "G", group(100, 100));
        simulation.run(20);
        assertStates(one, State.MASTER);
        assertStates(two, State.BACKUP);
        one.fault("VI_2", "interface eth1 is down");
        assertStates(one, State.FAULT);
        simulation.run(1);
        assertStates(two, State.MASTER);
        assertThat(one.routers.values().stream().map(VirtualRouter::reason))
                .anyMatch(reason -> reason.contains("VI_2") && reason.contains("vrrp_sync_group G"));
        one.fault("VI_2", null);
        simulation.run(10);
        assertStates(one, State.MASTER);
        assertStates(two, State.BACKUP);
    }

    @Test
    void groupsThatDisagreeDoNotChangePlacesForEver() {
        Simulation simulation = new Simulation(4);
        Simulation.Host one = simulation.host(1, "G", group(150, 50));
        Simulation.Host two = simulation.host(2, "G", group(100, 100));
        simulation.run(20);
        int transitions = one.entered.size() + two.entered.size();
        assertThat(simulation.masters("VI_1") + simulation.masters("VI_2")).isEqualTo(2);
        simulation.run(1000);
        assertThat(one.entered.size() + two.entered.size()).isEqualTo(transitions);
    }

    private static VrrpInstance[] group(int first, int second) {
        InstanceBuilder builder = new InstanceBuilder();
        builder.priority = first;
        VrrpInstance one = builder.build();
        builder.name = "VI_2";
        builder.virtualRouterId = 78;
        builder.priority = second;
        return new VrrpInstance[] {one, builder.build()};
    }

    private static void assertStates(Simulation.Host host, State state) {
        assertThat(host.routers.values().stream().map(VirtualRouter::state)).containsOnly(state);
    }

    /** Any advertisement: nothing throws, and one that does not count leaves state, timer and what is sent as they were. */
    @Test
    void anyAdvertisement() {
        Random random = new Random(9);
        Simulation simulation = new Simulation(9);
        InstanceBuilder builder = new InstanceBuilder();
        Simulation.Host host = simulation.host(5, builder.build());
        int counted = 0;
        for (int i = 0; i < 100_000; i++) {
            simulation.run(random.nextInt(50) == 0 ? random.nextDouble() * 5 : 0.01);
            Address[] addresses = new Address[1 + random.nextInt(2)];
            Arrays.setAll(addresses, n -> Address.ofIpv4(0xc000_0264 + (random.nextInt(8) == 0 ? 1 : n)));
            Advertisement advertisement = new Advertisement(
                    random.nextInt(8) == 0 ? 2 : 3,
                    77,
                    random.nextInt(256),
                    1 + random.nextInt(4095),
                    null,
                    List.of(addresses));
            Heard heard = new Heard(
                    Address.ofIpv4(0xc000_0200 + random.nextInt(10)),
                    random.nextInt(10) == 0 ? host.address : Simulation.GROUP,
                    random.nextInt(10) == 0 ? random.nextInt(256) : 255,
                    advertisement);
            State state = host.state();
            long deadline = host.router().deadline();
            int sent = host.sent.size();
            int entered = host.entered.size();
            Reading refusal = host.router().heard(heard, simulation.now);
            assertThat(host.entered.size() - entered).isLessThanOrEqualTo(1);
            if (refusal instanceof Refusal) {
                assertThat(host.state()).isEqualTo(state);
                assertThat(host.router().deadline()).isEqualTo(deadline);
                assertThat(host.sent).hasSize(sent);
            } else {
                counted++;
            }
        }
        assertThat(counted).isBetween(10_000, 90_000);
    }
}

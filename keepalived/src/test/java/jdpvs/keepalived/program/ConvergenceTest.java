package jdpvs.keepalived.program;

import static jdpvs.keepalived.program.Things.QUICK;
import static jdpvs.keepalived.program.Things.REPORT;
import static jdpvs.keepalived.program.Things.address;
import static jdpvs.keepalived.program.Things.await;
import static jdpvs.keepalived.program.Things.ip;
import static jdpvs.keepalived.program.Things.key;
import static jdpvs.keepalived.program.Things.service;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wanted in whatever order, and however dpvs fails meanwhile: in the end it has what is wanted, and what others made. */
class ConvergenceTest {
    private static final int SERVICES = 12;

    private final FakeDpvs dpvs = new FakeDpvs();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everythingEndsAsWanted(int seed) throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        RandomGenerator faults = RandomGeneratorFactory.of("L64X128MixRandom").create(-seed);
        List<Change> foreign = List.of(
                new Change.ServiceAdd(key(1000), ServiceOptions.of("rr")),
                new Change.AddressAdd(ip("10.1.0.99"), 32, "dpdk1", null, "global", -1, -1, false, true));
        dpvs.apply(foreign);
        dpvs.before = changes -> strike(faults);
        dpvs.after = changes -> strike(faults);
        Map<ServiceKey, WantedService> services = new LinkedHashMap<>();
        Set<WantedAddress> addresses = new HashSet<>();
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            for (int i = 0; i < 150; i++) {
                wish(programmer, random, services, addresses);
                if (random.nextInt(30) == 0) {
                    dpvs.end();
                    Thread.sleep(random.nextInt(20));
                    dpvs.restart();
                    dpvs.book(foreign);
                }
                Thread.sleep(random.nextInt(5));
            }
            dpvs.before = changes -> {};
            dpvs.after = changes -> {};
            // What was refused at random is tried again when dpvs starts anew.
            dpvs.restart();
            dpvs.book(foreign);
            Map<ServiceKey, Held> expected = new HashMap<>();
            services.forEach((key, service) -> {
                if (!service.options().scheduler().equals("frob")) {
                    expected.put(key, Held.of(service));
                }
            });
            expected.put(key(1000), new Held(ServiceOptions.of("rr"), Map.of(), Map.of()));
            Set<WantedAddress> expectedAddresses = new HashSet<>(addresses);
            expectedAddresses.add(address("10.1.0.99", "dpdk1"));
            await("what is wanted", () -> dpvs.held().equals(expected));
            await("the addresses", () -> dpvs.heldAddresses().equals(expectedAddresses));
            int bad = services.size() - expected.size() + 1;
            await(
                    "one sentence for each refused one",
                    () -> programmer.refused().size() == bad);
            programmer.services(Map.of());
            programmer.addresses(Set.of());
        }
        assertThat(dpvs.held()).containsOnlyKeys(key(1000));
        assertThat(dpvs.heldLips()).isEmpty();
        assertThat(dpvs.heldAddresses()).containsExactly(address("10.1.0.99", "dpdk1"));
    }

    private static void wish(
            Programmer programmer,
            RandomGenerator random,
            Map<ServiceKey, WantedService> services,
            Set<WantedAddress> addresses) {
        switch (random.nextInt(4)) {
            case 0 -> {
                ServiceKey key = key(random.nextInt(SERVICES));
                if (random.nextBoolean()) {
                    services.remove(key);
                } else {
                    services.put(key, any(random));
                }
                programmer.services(services);
            }
            case 1 -> {
                WantedAddress address = address("10.1.0." + (1 + random.nextInt(5)), "dpdk" + random.nextInt(2));
                if (!addresses.remove(address)) {
                    addresses.removeIf(a -> a.address().equals(address.address()));
                    addresses.add(address);
                }
                programmer.addresses(addresses);
            }
            case 2 -> programmer.announce(addresses);
            default ->
                programmer.together(() -> {
                    services.put(key(random.nextInt(SERVICES)), any(random));
                    programmer.services(services);
                    programmer.addresses(addresses);
                });
        }
    }

    private static WantedService any(RandomGenerator random) {
        List<String> locals = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            if (random.nextBoolean()) {
                locals.add("10.3.0." + i + "%dpdk" + i % 2);
            }
        }
        int[] servers = new int[2 * random.nextInt(4)];
        for (int i = 0; i < servers.length; i += 2) {
            servers[i] = i + random.nextInt(2);
            servers[i + 1] = random.nextInt(3);
        }
        return service(random.nextInt(10) == 0 ? "frob" : random.nextBoolean() ? "rr" : "wlc", locals, servers);
    }

    private static void strike(RandomGenerator faults) throws ControlException, IOException {
        int kind;
        synchronized (faults) {
            kind = faults.nextInt(40);
        }
        switch (kind) {
            case 0, 1, 2 -> throw new IOException("the daemon did not answer");
            case 3 -> throw new IllegalStateException("a defect");
            case 4 -> {
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            default -> {}
        }
    }

    /** Refusals of what is fine, too: they are made good by a restart. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void refusalsOfWhatIsFineAreMadeGoodByAnotherStart(int seed) throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        RandomGenerator faults = RandomGeneratorFactory.of("L64X128MixRandom").create(-seed);
        dpvs.before = changes -> {
            synchronized (faults) {
                if (faults.nextInt(4) == 0) {
                    ErrorCode code = ErrorCode.values()[faults.nextInt(ErrorCode.values().length)];
                    throw new ControlException(code, "for fun", faults.nextInt(changes.size() + 1) - 1);
                }
            }
        };
        Map<ServiceKey, WantedService> services = new LinkedHashMap<>();
        Set<WantedAddress> addresses = new HashSet<>();
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            for (int i = 0; i < 100; i++) {
                wish(programmer, random, services, addresses);
                Thread.sleep(random.nextInt(3));
            }
            services.values().removeIf(service -> service.options().scheduler().equals("frob"));
            programmer.services(services);
            dpvs.before = changes -> {};
            dpvs.restart();
            Map<ServiceKey, Held> expected = new HashMap<>();
            services.forEach((key, service) -> expected.put(key, Held.of(service)));
            await("what is wanted", () -> dpvs.held().equals(expected));
            await("the addresses", () -> dpvs.heldAddresses().equals(addresses));
            await("no sentence", () -> programmer.refused().isEmpty());
        }
    }
}

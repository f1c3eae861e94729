package jdpvs.keepalived.program;

import static jdpvs.keepalived.program.Things.QUICK;
import static jdpvs.keepalived.program.Things.REPORT;
import static jdpvs.keepalived.program.Things.address;
import static jdpvs.keepalived.program.Things.await;
import static jdpvs.keepalived.program.Things.ip;
import static jdpvs.keepalived.program.Things.key;
import static jdpvs.keepalived.program.Things.route;
import static jdpvs.keepalived.program.Things.service;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The programmer and a dpvs that comes, goes and refuses. */
class ProgrammerTest {
    private static final WantedAddress VIP = address("10.1.0.1", "dpdk1");

    private final FakeDpvs dpvs = new FakeDpvs();
    private final Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK);
    private final CountDownLatch release = new CountDownLatch(1);

    @BeforeEach
    void begin() {
        programmer.reportChanged();
    }

    @AfterEach
    void close() {
        release.countDown();
        programmer.close();
    }

    private void has(ServiceKey key, WantedService service) throws InterruptedException {
        await(key.toString(), () -> Held.of(service).equals(dpvs.held().get(key)));
    }

    private void waitForRelease() throws IOException {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void togetherIsOneTransaction() throws Exception {
        await("first contact", () -> !dpvs.reports().isEmpty());
        programmer.together(() -> {
            programmer.services(Map.of(key(1), service("rr")));
            programmer.addresses(Set.of(VIP));
            programmer.routes(Set.of(route("10.9.0.0", "10.1.0.254", "dpdk1")));
            programmer.announce(List.of(VIP));
        });
        has(key(1), service("rr"));
        assertThat(dpvs.transactions()).hasSize(1);
        assertThat(dpvs.transactions().getFirst())
                .hasSize(6)
                .endsWith(new Change.AddressAnnounce(ip("10.1.0.1"), "dpdk1"));
        assertThat(dpvs.heldAddresses()).containsExactly(VIP);
        assertThat(dpvs.heldRoutes()).hasSize(1);
    }

    @Test
    void anAddressDoesNotWaitForServices() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        dpvs.before = changes -> {
            if (changes.getFirst() instanceof Change.ServiceAdd) {
                begun.countDown();
                waitForRelease();
            }
        };
        Map<ServiceKey, WantedService> many = new LinkedHashMap<>();
        for (int i = 0; i < 2000; i++) {
            many.put(key(i), service("rr"));
        }
        programmer.services(many);
        begun.await();
        programmer.addresses(Set.of(VIP));
        await("the address", () -> dpvs.heldAddresses().contains(VIP));
        programmer.announce(List.of(VIP));
        await("the announcement", () -> dpvs.transactions().size() == 2);
        programmer.addresses(Set.of());
        await("no address", () -> dpvs.heldAddresses().isEmpty());
        assertThat(dpvs.held()).as("the services are still under way").isEmpty();
        release.countDown();
        await("all services", () -> dpvs.held().size() == 2000);
    }

    /** One that was just started takes long for the first ones. */
    @Test
    void aNewDpvsGetsAFewServicesFirstAndALaterReloadIsOneTransaction() throws Exception {
        Map<ServiceKey, WantedService> many = new LinkedHashMap<>();
        for (int i = 0; i < 200; i++) {
            many.put(key(i), service("rr"));
        }
        programmer.services(many);
        await("all services", () -> dpvs.held().size() == 200);
        assertThat(services(dpvs.transactions().getFirst())).isLessThan(100);
        for (int i = 0; i < 150; i++) {
            many.put(key(i), service("wrr"));
            many.put(key(1000 + i), service("rr"));
        }
        Thread.sleep(300);
        int before = dpvs.transactions().size();
        programmer.services(many);
        await("all services", () -> dpvs.held().size() == 350);
        assertThat(dpvs.transactions()).hasSize(before + 1);
    }

    /** Only one that has nothing yet is slow. */
    @Test
    void aDpvsThatHasEverythingGetsTheNextReloadAsOneTransaction() throws Exception {
        dpvs.book(List.of(new Change.ServiceAdd(key(1), ServiceOptions.of("rr"))));
        try (Programmer late = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            late.services(Map.of(key(1), new WantedService("v", ServiceOptions.of("rr"), List.of(), Map.of())));
            Thread.sleep(300);
            int before = dpvs.transactions().size();
            Map<ServiceKey, WantedService> many = new LinkedHashMap<>();
            for (int i = 0; i < 150; i++) {
                many.put(key(i), service("rr"));
            }
            late.services(many);
            await("all services", () -> dpvs.held().size() == 150);
            assertThat(dpvs.transactions()).hasSize(before + 1);
        }
    }

    private static long services(List<Change> changes) {
        return changes.stream().filter(Change.ServiceAdd.class::isInstance).count();
    }

    @Test
    void whatIsThereIsAdoptedWhenItIsWantedAndOtherThingsStay() throws Exception {
        ServiceKey foreign = key(9);
        dpvs.apply(List.of(
                new Change.ServiceAdd(key(1), ServiceOptions.of("wlc")),
                new Change.LocalAddressAdd(key(1), ip("10.3.0.1"), "dpdk0"),
                new Change.ServiceAdd(foreign, ServiceOptions.of("rr")),
                new Change.AddressAdd(ip("10.1.0.1"), 32, "dpdk1", null, "global", -1, -1, false, true),
                new Change.AddressAdd(ip("10.1.0.9"), 32, "dpdk1", null, "global", -1, -1, false, true)));
        programmer.together(() -> {
            programmer.services(Map.of(key(1), service("rr")));
            programmer.addresses(Set.of(VIP));
        });
        has(key(1), service("rr"));
        assertThat(dpvs.transactions().stream()
                        .flatMap(List::stream)
                        .map(c -> c.getClass().getSimpleName()))
                .as("edited, not made again")
                .containsOnlyOnce("ServiceEdit")
                .doesNotContain("ServiceDelete", "AddressDelete");
        programmer.services(Map.of());
        programmer.addresses(Set.of());
        await(
                "ours is gone",
                () -> dpvs.held().size() == 1 && dpvs.heldAddresses().size() == 1);
        assertThat(dpvs.held()).containsOnlyKeys(foreign);
        assertThat(dpvs.heldAddresses()).containsExactly(address("10.1.0.9", "dpdk1"));
    }

    @Test
    void aRefusedServiceIsLeftOutAndNamed() throws Exception {
        Map<ServiceKey, WantedService> services = new LinkedHashMap<>();
        services.put(key(1), service("rr"));
        services.put(key(2), service("frob"));
        services.put(key(3), service("rr", List.of("10.3.0.1%eth0"), 1, 1));
        services.put(key(4), service("rr"));
        programmer.services(services);
        await("the good ones", () -> dpvs.held().size() == 2);
        await("both sentences", () -> programmer.refused().size() == 2);
        assertThat(programmer.refused())
                .containsExactly(
                        "virtual_server web, service TCP 10.1.0.2:80: dpvs says not exist: scheduler frob",
                        "virtual_server web, service TCP 10.1.0.3:80: dpvs says not exist: device eth0");
        assertThat(dpvs.held()).containsOnlyKeys(key(1), key(4));
        services.put(key(2), service("wrr"));
        programmer.services(services);
        has(key(2), service("wrr"));
        await("one sentence", () -> programmer.refused().size() == 1);
        services.remove(key(3));
        programmer.services(services);
        await("no sentence", () -> programmer.refused().isEmpty());
    }

    @Test
    void aRefusedAddressDoesNotKeepOthersAway() throws Exception {
        programmer.addresses(Set.of(VIP, address("10.1.0.2", "eth0")));
        await("the good one", () -> dpvs.heldAddresses().contains(VIP));
        await("a sentence", () -> !programmer.refused().isEmpty());
        assertThat(programmer.refused()).containsExactly("address 10.1.0.2 on eth0: dpvs says not exist: device eth0");
    }

    @Test
    void manyRefusalsTakeFewTransactionsEach() throws Exception {
        AtomicInteger changes = new AtomicInteger();
        dpvs.before = transaction -> changes.addAndGet(transaction.size());
        Map<ServiceKey, WantedService> services = new LinkedHashMap<>();
        for (int i = 0; i < 500; i++) {
            services.put(key(i), service(i % 50 == 7 ? "rr" : "frob"));
        }
        programmer.services(services);
        await("all sentences", () -> programmer.refused().size() == 490);
        await("the good ones", () -> dpvs.held().size() == 10);
        assertThat(changes.get())
                .as("each refusal of the whole would be 500 times 1500")
                .isLessThan(50_000);
    }

    @Test
    void aRefusalThatNamesNothingIsFoundByHalves() throws Exception {
        dpvs.before = transaction -> {
            if (transaction.stream()
                    .anyMatch(c ->
                            c instanceof Change.ServiceAdd add && add.service().equals(key(5)))) {
                throw new ControlException(ErrorCode.NO_ROOM, "too many");
            }
        };
        Map<ServiceKey, WantedService> services = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            services.put(key(i), service("rr"));
        }
        programmer.services(services);
        await("the good ones", () -> dpvs.held().size() == 19);
        await("a sentence", () -> programmer.refused().size() == 1);
        assertThat(programmer.refused().getFirst()).contains("10.1.0.5:80", "no room: too many");
    }

    @Test
    void afterARestartEverythingIsMadeAgain() throws Exception {
        programmer.services(Map.of(key(1), service("rr"), key(2), service("frob")));
        programmer.addresses(Set.of(VIP));
        has(key(1), service("rr"));
        await("a sentence", () -> programmer.refused().size() == 1);
        dpvs.end();
        programmer.services(Map.of(key(1), service("wrr"), key(2), service("frob")));
        dpvs.restart();
        has(key(1), service("wrr"));
        await("the address", () -> dpvs.heldAddresses().contains(VIP));
        await("the refused one was tried again", () -> programmer.refused().size() == 1);
    }

    @Test
    void itWaitsForADpvsThatIsNotThere() throws Exception {
        dpvs.end();
        programmer.services(Map.of(key(1), service("rr")));
        programmer.announce(List.of(VIP));
        Thread.sleep(50);
        dpvs.restart();
        has(key(1), service("rr"));
        assertThat(dpvs.transactions()).hasSize(1);
    }

    @Test
    void anAnswerThatIsLostLeadsToAQuestion() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        dpvs.after = changes -> {
            if (lost.getAndIncrement() == 0) {
                throw new IOException("the connection was closed");
            }
        };
        programmer.services(Map.of(key(1), service("rr")));
        has(key(1), service("rr"));
        programmer.services(Map.of(key(1), service("wrr"), key(2), service("rr")));
        has(key(2), service("rr"));
        has(key(1), service("wrr"));
        assertThat(programmer.refused()).isEmpty();
        assertThat(dpvs.transactions().stream().flatMap(List::stream))
                .as("the first one was not made twice")
                .containsOnlyOnce(new Change.ServiceAdd(key(1), ServiceOptions.of("rr")));
    }

    @Test
    void whatAnOperatorTookIsMadeAgainWithTheNextChange() throws Exception {
        programmer.services(Map.of(key(1), service("rr")));
        has(key(1), service("rr"));
        dpvs.apply(List.of(new Change.ServiceDelete(key(1))));
        programmer.services(Map.of(key(1), service("wrr")));
        has(key(1), service("wrr"));
        dpvs.apply(List.of(new Change.ServiceDelete(key(1))));
        programmer.services(Map.of());
        programmer.addresses(Set.of(VIP));
        await("the address", () -> dpvs.heldAddresses().contains(VIP));
        assertThat(programmer.refused()).isEmpty();
    }

    /** A master announces now and then: whoever took its address away is not believed for longer. */
    @Test
    void anAddressThatAnOperatorTookComesBackWithItsAnnouncement() throws Exception {
        programmer.addresses(Set.of(VIP));
        await("the address", () -> dpvs.heldAddresses().contains(VIP));
        dpvs.apply(List.of(new Change.AddressDelete(VIP.address(), 32, VIP.device())));
        programmer.announce(List.of(VIP));
        await("the address again", () -> dpvs.heldAddresses().contains(VIP));
        assertThat(programmer.refused()).isEmpty();
    }

    @Test
    void itReportsAfterChangesAndAsAHeartbeat() throws Exception {
        await("two reports", () -> dpvs.reports().size() >= 2);
        int before = dpvs.reports().size();
        programmer.reportChanged();
        await("another one", () -> dpvs.reports().size() > before);
        assertThat(dpvs.reports()).containsOnly(REPORT);
    }

    /** Whoever makes it may not be ready for the question. */
    @Test
    void noReportIsAskedForBeforeThereIsOne() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Programmer early = Programmer.start(
                dpvs,
                () -> {
                    asked.incrementAndGet();
                    return REPORT;
                },
                QUICK)) {
            early.services(Map.of(key(3), service("rr")));
            has(key(3), service("rr"));
            assertThat(asked).hasValue(0);
            early.reportChanged();
            await("a report", () -> asked.get() > 0);
        }
    }

    @Test
    void theEndTakesAwayWhatWasMade() throws Exception {
        programmer.services(Map.of(key(1), service("rr")));
        programmer.addresses(Set.of(VIP));
        has(key(1), service("rr"));
        programmer.services(Map.of());
        programmer.addresses(Set.of());
        programmer.close();
        assertThat(dpvs.held()).isEmpty();
        assertThat(dpvs.heldLips()).isEmpty();
        assertThat(dpvs.heldAddresses()).isEmpty();
        assertThat(programmer.made())
                .as("the last report: what is made by hand afterwards is not ours")
                .isEqualTo(KeepalivedReport.Made.NOTHING);
    }

    @Test
    void whatIsStillWantedAtTheEndStays() throws Exception {
        programmer.services(Map.of(key(1), service("rr")));
        programmer.close();
        assertThat(dpvs.held()).containsOnlyKeys(key(1));
    }

    @Test
    void theEndDoesNotWaitForADpvsThatIsGone() throws Exception {
        programmer.services(Map.of(key(1), service("rr")));
        has(key(1), service("rr"));
        dpvs.end();
        programmer.services(Map.of());
        long start = System.nanoTime();
        programmer.close();
        assertThat(System.nanoTime() - start).as("less than the bound").isLessThan(4_500_000_000L);
        assertThat(dpvs.held()).containsOnlyKeys(key(1));
    }

    /** What was sent to the old one may have reached the new one. */
    @Test
    void theEndFindsADpvsThatWasJustStartedAnew() throws Exception {
        try (Programmer slow = Programmer.start(dpvs, () -> REPORT, new Programming.Times(200, 10, 200))) {
            slow.services(Map.of(key(3), service("rr")));
            has(key(3), service("rr"));
            List<Change> made = dpvs.transactions().getLast();
            dpvs.end();
            Thread.sleep(50);
            dpvs.restart();
            dpvs.book(made);
            slow.services(Map.of());
        }
        assertThat(dpvs.held()).isEmpty();
        assertThat(dpvs.heldLips()).isEmpty();
    }

    @Test
    void theEndIsBoundedWhenDpvsHangs() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        dpvs.before = changes -> {
            begun.countDown();
            waitForRelease();
        };
        programmer.services(Map.of(key(1), service("rr")));
        begun.await();
        long start = System.nanoTime();
        programmer.close();
        assertThat(System.nanoTime() - start).isBetween(4_000_000_000L, 18_000_000_000L);
    }
}

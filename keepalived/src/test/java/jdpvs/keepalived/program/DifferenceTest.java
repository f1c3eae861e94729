package jdpvs.keepalived.program;

import static jdpvs.keepalived.program.Things.address;
import static jdpvs.keepalived.program.Things.ip;
import static jdpvs.keepalived.program.Things.key;
import static jdpvs.keepalived.program.Things.route;
import static jdpvs.keepalived.program.Things.server;
import static jdpvs.keepalived.program.Things.service;
import static jdpvs.keepalived.program.Things.wanted;
import static jdpvs.keepalived.program.Things.weight;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.control.Change;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** From what is there to what is wanted. */
class DifferenceTest {
    private static final ServiceKey WEB = key(1);
    private final Made made = new Made();
    private final LeftOut leftOut = new LeftOut();

    private List<Change> changes(Wanted wanted, WantedAddress... announced) {
        Plan plan = new Plan(wanted);
        Collection<WantedAddress> announcements = new ArrayList<>(List.of(announced));
        new NetworkDifference(wanted, made, leftOut, Integer.MAX_VALUE, plan).addTo(announcements);
        new ServiceDifference(wanted, made, leftOut, Integer.MAX_VALUE, plan).addTo();
        List<Change> changes = plan.changes();
        for (int i = 0; i < changes.size(); i++) {
            assertThat(plan.items()).contains(plan.item(i));
        }
        plan.applied(made);
        Plan again = new Plan(wanted);
        new NetworkDifference(wanted, made, leftOut, Integer.MAX_VALUE, again).addTo(announcements);
        new ServiceDifference(wanted, made, leftOut, Integer.MAX_VALUE, again).addTo();
        assertThat(again.changes()).as("once is enough").isEmpty();
        return changes;
    }

    private record Row(
            String name,
            @Nullable WantedService before,
            @Nullable WantedService after,
            List<Change> changes) {}

    @TestFactory
    List<DynamicTest> services() {
        String a = "10.3.0.1%dpdk0";
        String b = "10.3.0.2%dpdk0";
        List<Row> rows = List.of(
                new Row(
                        "new: service, local addresses, servers",
                        null,
                        service("rr", List.of(a, b), 1, 1, 2, 5),
                        List.of(
                                new Change.ServiceAdd(WEB, ServiceOptions.of("rr")),
                                new Change.LocalAddressAdd(WEB, ip("10.3.0.1"), "dpdk0"),
                                new Change.LocalAddressAdd(WEB, ip("10.3.0.2"), "dpdk0"),
                                new Change.ServerAdd(WEB, server(1), weight(1)),
                                new Change.ServerAdd(WEB, server(2), weight(5)))),
                new Row(
                        "gone: its local addresses leave their device first",
                        service("rr", List.of(a), 1, 1),
                        null,
                        List.of(
                                new Change.LocalAddressDelete(WEB, ip("10.3.0.1"), "dpdk0"),
                                new Change.ServiceDelete(WEB))),
                new Row(
                        "same in another order: nothing",
                        service("rr", List.of(a, b), 1, 1, 2, 1),
                        service("rr", List.of(b, a), 2, 1, 1, 1),
                        List.of()),
                new Row(
                        "options: edit",
                        service("rr", List.of(a), 1, 1),
                        service("wlc", List.of(a), 1, 1),
                        List.of(new Change.ServiceEdit(WEB, ServiceOptions.of("wlc")))),
                new Row(
                        "servers: one edited, one added, one deleted",
                        service("rr", List.of(a), 1, 1, 2, 1),
                        service("rr", List.of(a), 3, 1, 2, 0),
                        List.of(
                                new Change.ServerAdd(WEB, server(3), weight(1)),
                                new Change.ServerEdit(WEB, server(2), weight(0)),
                                new Change.ServerDelete(WEB, server(1)))),
                new Row(
                        "local addresses: the old one goes last",
                        service("rr", List.of(a), 1, 1),
                        service("rr", List.of(b), 2, 1),
                        List.of(
                                new Change.LocalAddressAdd(WEB, ip("10.3.0.2"), "dpdk0"),
                                new Change.ServerAdd(WEB, server(2), weight(1)),
                                new Change.ServerDelete(WEB, server(1)),
                                new Change.LocalAddressDelete(WEB, ip("10.3.0.1"), "dpdk0"))),
                new Row(
                        "a local address moves to another device",
                        service("rr", List.of(a), 1, 1),
                        service("rr", List.of("10.3.0.1%dpdk1"), 1, 1),
                        List.of(
                                new Change.LocalAddressDelete(WEB, ip("10.3.0.1"), "dpdk0"),
                                new Change.LocalAddressAdd(WEB, ip("10.3.0.1"), "dpdk1"))));
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(row.name, () -> {
                    made.services.clear();
                    if (row.before != null) {
                        made.services.put(WEB, Held.of(row.before));
                    }
                    assertThat(changes(wanted(row.after == null ? Map.of() : Map.of(WEB, row.after))))
                            .isEqualTo(row.changes);
                }))
                .toList();
    }

    @Test
    void aLocalAddressOfTwoServicesMovesToAnotherDevice() throws Exception {
        Map<ServiceKey, WantedService> services = new LinkedHashMap<>();
        services.put(key(1), service("rr", List.of("10.3.0.1%dpdk0"), 1, 1));
        services.put(key(2), service("rr", List.of("10.3.0.1%dpdk0"), 1, 1));
        FakeDpvs dpvs = new FakeDpvs();
        dpvs.apply(changes(wanted(services)));
        services.replaceAll((key, service) -> service("rr", List.of("10.3.0.1%dpdk1"), 1, 1));
        dpvs.apply(changes(wanted(services)));
        assertThat(dpvs.held().values())
                .allMatch(held -> held.localAddresses().equals(Map.of(ip("10.3.0.1"), "dpdk1")));
    }

    @Test
    void addressesComeBeforeServicesAndGoAfterThem() {
        Wanted all = new Wanted(
                Map.of(WEB, service("rr")),
                Set.of(address("10.1.0.1", "dpdk1")),
                Set.of(route("10.9.0.0", "10.1.0.254", "dpdk1")));
        assertThat(changes(all, address("10.1.0.1", "dpdk1")))
                .extracting(change -> change.getClass().getSimpleName())
                .containsExactly(
                        "AddressAdd", "RouteAdd", "ServiceAdd", "LocalAddressAdd", "ServerAdd", "AddressAnnounce");
        assertThat(changes(Wanted.NOTHING))
                .extracting(change -> change.getClass().getSimpleName())
                .containsExactly("LocalAddressDelete", "ServiceDelete", "RouteDelete", "AddressDelete");
    }

    @Test
    void whatIsReplacedGoesFirst() {
        made.addresses.put(Item.OfAddress.of(address("10.1.0.1", "dpdk0")), address("10.1.0.1", "dpdk0"));
        WantedAddress wider = new WantedAddress("dpdk1", ip("10.1.0.2"), 24, "global");
        made.addresses.put(Item.OfAddress.of(wider), wider);
        made.routes.add(route("10.9.0.0", "10.1.0.254", "dpdk1"));
        Wanted next = new Wanted(
                Map.of(),
                new LinkedHashSet<>(List.of(address("10.1.0.1", "dpdk1"), address("10.1.0.2", "dpdk1"))),
                Set.of(route("10.9.0.0", "10.1.0.253", "dpdk1")));
        assertThat(changes(next))
                .containsExactly(
                        new Change.AddressDelete(ip("10.1.0.1"), 32, "dpdk0"),
                        new Change.AddressDelete(ip("10.1.0.2"), 24, "dpdk1"),
                        new Change.RouteDelete(ip("10.9.0.0"), 24, ip("10.1.0.254"), "dpdk1", null),
                        add("10.1.0.1"),
                        add("10.1.0.2"),
                        new Change.RouteAdd(ip("10.9.0.0"), 24, ip("10.1.0.253"), "dpdk1", null, 0, 0, null));
    }

    private static Change add(String address) {
        return new Change.AddressAdd(ip(address), 32, "dpdk1", null, "global", -1, -1, false, true);
    }

    @Test
    void onlyWhatIsThereOrComesIsAnnounced() {
        WantedAddress there = address("10.1.0.1", "dpdk1");
        made.addresses.put(Item.OfAddress.of(there), there);
        Wanted wanted = new Wanted(Map.of(), Set.of(there), Set.of());
        assertThat(changes(wanted, there, address("10.1.0.2", "dpdk1")))
                .containsExactly(new Change.AddressAnnounce(ip("10.1.0.1"), "dpdk1"));
    }

    @Test
    void aRefusedOneIsLeftOutUntilSomethingElseIsWanted() {
        WantedService bad = service("frob");
        leftOut.add(new Item.OfService(WEB), bad, "a sentence");
        Map<ServiceKey, WantedService> services = new LinkedHashMap<>();
        services.put(WEB, bad);
        services.put(key(2), service("rr"));
        assertThat(leftOut.prune(wanted(services), made)).isFalse();
        assertThat(changes(wanted(services)))
                .hasSize(3)
                .first()
                .isEqualTo(new Change.ServiceAdd(key(2), ServiceOptions.of("rr")));
        services.put(WEB, service("wrr"));
        assertThat(leftOut.prune(wanted(services), made)).isTrue();
        assertThat(leftOut.sentences()).isEmpty();
        assertThat(changes(wanted(services))).hasSize(3);
    }

    @Test
    void manyServicesAreSeveralTransactions() {
        Map<ServiceKey, WantedService> services = new LinkedHashMap<>();
        for (int i = 0; i < 3000; i++) {
            services.put(key(i), service("rr"));
        }
        int transactions = 0;
        int changes = 0;
        for (Plan plan = next(services); !plan.isEmpty(); plan = next(services)) {
            assertThat(plan.size()).isLessThan(ServiceDifference.MOST_CHANGES + 10);
            plan.applied(made);
            transactions++;
            changes += plan.size();
        }
        assertThat(transactions).isEqualTo(9);
        assertThat(changes).isEqualTo(9000);
    }

    private Plan next(Map<ServiceKey, WantedService> services) {
        Plan plan = new Plan(wanted(services));
        new ServiceDifference(wanted(services), made, leftOut, Integer.MAX_VALUE, plan).addTo();
        return plan;
    }
}

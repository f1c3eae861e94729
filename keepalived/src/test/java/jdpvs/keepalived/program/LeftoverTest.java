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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import jdpvs.control.Change;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceOptions;
import jdpvs.keepalived.configuration.VirtualRoute;
import org.junit.jupiter.api.Test;

/** A keepalived that was killed leaves what it had made. */
class LeftoverTest {
    /** No process: the kernel's numbers end below. */
    private static final long DEAD = 1L << 22;

    private final FakeDpvs dpvs = new FakeDpvs();

    private static final VirtualRoute ROUTE = route("10.7.0.0", "10.1.0.254", "dpdk1");
    private static final VirtualRoute OTHER = route("10.8.0.0", "10.1.0.254", "dpdk1");
    private static final VirtualRoute OPERATORS = route("10.9.0.0", "10.1.0.254", "dpdk1");

    private static KeepalivedReport report(KeepalivedReport.Part part, long pid, KeepalivedReport.Made made) {
        return new KeepalivedReport(pid, part, "f", 0, 0, List.of(), List.of(), made, List.of());
    }

    private static KeepalivedReport.MadeAddress onDpdk1(String address) {
        return new KeepalivedReport.MadeAddress("dpdk1", ip(address));
    }

    private static KeepalivedReport.MadeRoute made(VirtualRoute route) {
        return new KeepalivedReport.MadeRoute(
                route.prefix(), route.prefixLength(), route.gateway(), route.device(), null, null);
    }

    private static final List<KeepalivedReport.MadeAddress> ADDRESSES =
            List.of(onDpdk1("10.1.0.1"), onDpdk1("10.1.0.2"), onDpdk1("10.1.0.3"));

    private static Change add(VirtualRoute route) {
        return new Change.RouteAdd(
                route.prefix(), route.prefixLength(), route.gateway(), route.device(), null, 0, 0, null);
    }

    private static Change add(WantedAddress address) {
        return new Change.AddressAdd(address.address(), 32, address.device(), null, "global", -1, -1, false, true);
    }

    private void leave(long pid) throws Exception {
        dpvs.apply(List.of(
                new Change.ServiceAdd(key(1), ServiceOptions.of("rr")),
                new Change.ServiceAdd(key(2), ServiceOptions.of("rr")),
                new Change.ServiceAdd(key(9), ServiceOptions.of("rr")),
                add(address("10.1.0.1", "dpdk1")),
                add(address("10.1.0.2", "dpdk1")),
                add(address("10.1.0.9", "dpdk1"))));
        dpvs.apply(List.of(add(ROUTE), add(OTHER), add(OPERATORS)));
        dpvs.report(report(
                KeepalivedReport.Part.EVERYTHING,
                pid,
                new KeepalivedReport.Made(
                        List.of(key(1), key(2), key(3)), ADDRESSES, List.of(made(ROUTE), made(OTHER)))));
    }

    @Test
    void whatIsNotWantedAnyMoreGoes() throws Exception {
        leave(DEAD);
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.reportChanged();
            await("the first contact", () -> dpvs.reports().size() > 1);
            assertThat(dpvs.transactions())
                    .as("nobody has said yet what is wanted")
                    .hasSize(2);
            programmer.services(Map.of(key(1), service("rr")));
            await("service 2 is gone", () -> dpvs.held().keySet().equals(Set.of(key(1), key(9))));
            assertThat(dpvs.heldAddresses())
                    .as("nobody has spoken of addresses")
                    .hasSize(3);
            programmer.addresses(Set.of(address("10.1.0.2", "dpdk1")));
            await(
                    "address 1 is gone",
                    () -> dpvs.heldAddresses()
                            .equals(Set.of(address("10.1.0.2", "dpdk1"), address("10.1.0.9", "dpdk1"))));
            programmer.routes(Set.of(OTHER));
            await("route 1 is gone", () -> dpvs.heldRoutes().equals(Set.of(OTHER, OPERATORS)));
            assertThat(dpvs.transactions().stream().flatMap(List::stream))
                    .as("what stays is not made anew")
                    .filteredOn(change -> change instanceof Change.ServiceAdd || change instanceof Change.AddressAdd)
                    .hasSize(6);
        }
    }

    @Test
    void inAContainerTheDeadOneHadTheSameNumber() throws Exception {
        leave(ProcessHandle.current().pid());
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.addresses(Set.of());
            await("the other's addresses are gone", () -> dpvs.heldAddresses().size() == 1);
        }
    }

    @Test
    void aNumberIsAnybodysAfterwards() throws Exception {
        leave(1);
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.addresses(Set.of());
            await(
                    "the dead one's addresses are gone",
                    () -> dpvs.heldAddresses().size() == 1);
        }
    }

    @Test
    void twoThatSharedTheWork() throws Exception {
        leave(DEAD);
        dpvs.report(report(
                KeepalivedReport.Part.CHECKS,
                DEAD + 1,
                new KeepalivedReport.Made(List.of(key(9)), List.of(), List.of())));
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.services(Map.of());
            await("all services are gone", () -> dpvs.held().isEmpty());
        }
    }

    @Test
    void aReportSaysWhatWasMade() throws Exception {
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.services(Map.of(key(1), service("rr"), key(2), service("frob")));
            programmer.addresses(Set.of(address("10.1.0.2", "dpdk1")));
            programmer.routes(Set.of(ROUTE));
            programmer.reportChanged();
            KeepalivedReport.Made all =
                    new KeepalivedReport.Made(List.of(key(1)), List.of(onDpdk1("10.1.0.2")), List.of(made(ROUTE)));
            await("all of it", () -> programmer.made().equals(all));
        }
    }

    /** Killed before the answer, it would leave the address for ever. */
    @Test
    void aReportSaysWhatIsUnderWayToo() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        dpvs.before = changes -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        };
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.addresses(Set.of(address("10.1.0.2", "dpdk1")));
            programmer.reportChanged();
            KeepalivedReport.Made all = new KeepalivedReport.Made(List.of(), List.of(onDpdk1("10.1.0.2")), List.of());
            await("what is under way", () -> programmer.made().equals(all));
            release.countDown();
        }
    }

    /** Of a keepalived of another version. */
    @Test
    void aReportThatNobodyCanReadDelaysNothing() throws Exception {
        leave(DEAD);
        dpvs.reportsUnreadable = true;
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.services(Map.of(key(5), service("rr")));
            await("the service", () -> dpvs.held().containsKey(key(5)));
        }
        assertThat(dpvs.held()).hasSize(4);
    }

    /** {@code lvs_flush}. */
    @Test
    void allServicesAreTakenOverThatNobodyWants() throws Exception {
        leave(1);
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.takeOverServices(true);
            programmer.services(Map.of(key(9), service("rr")));
            await("the only service", () -> dpvs.held().keySet().equals(Set.of(key(9))));
            assertThat(dpvs.transactions().stream().flatMap(List::stream))
                    .as("what stays is not made anew")
                    .doesNotContain(new Change.ServiceDelete(key(9)));
        }
    }

    /** One for VRRP and one for the checks are two processes. */
    @Test
    void whatALivingOneHasIsItsOwn() throws Exception {
        Process other = new ProcessBuilder("sh", "-c", "read line; :", "jdpvs.keepalived").start();
        leave(other.pid());
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.services(Map.of());
            programmer.addresses(Set.of(address("10.1.0.5", "dpdk1")));
            await("the address", () -> dpvs.heldAddresses().size() == 4);
        } finally {
            other.destroy();
        }
        assertThat(dpvs.held()).hasSize(3);
    }
}

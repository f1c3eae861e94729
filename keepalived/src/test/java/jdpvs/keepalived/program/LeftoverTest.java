package jdpvs.keepalived.program;

import static jdpvs.keepalived.program.Things.QUICK;
import static jdpvs.keepalived.program.Things.REPORT;
import static jdpvs.keepalived.program.Things.address;
import static jdpvs.keepalived.program.Things.await;
import static jdpvs.keepalived.program.Things.key;
import static jdpvs.keepalived.program.Things.service;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.control.Change;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceOptions;
import org.junit.jupiter.api.Test;

/** A keepalived that was killed leaves what it had made. */
class LeftoverTest {
    /** No process: the kernel's numbers end below. */
    private static final long DEAD = 1L << 22;

    private final FakeDpvs dpvs = new FakeDpvs();

    private static KeepalivedReport report(long pid) {
        KeepalivedReport.Instance instance = new KeepalivedReport.Instance(
                "VI_1",
                "dpdk1.kni",
                "dpdk1",
                1,
                false,
                2,
                "MASTER",
                0,
                "",
                100,
                100,
                null,
                null,
                List.of("10.1.0.1/32", "10.1.0.2 dev x", "nonsense"),
                0,
                0,
                0,
                List.of());
        KeepalivedReport.VirtualServer web = new KeepalivedReport.VirtualServer(
                "web", List.of(key(1), key(2), key(3)), true, 0, 1, 1, false, List.of());
        return new KeepalivedReport(pid, "f", 0, 0, List.of(instance), List.of(web), List.of());
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
        dpvs.report(report(pid));
    }

    @Test
    void whatIsNotWantedAnyMoreGoes() throws Exception {
        leave(DEAD);
        try (Programmer programmer = Programmer.start(dpvs, () -> REPORT, QUICK)) {
            programmer.reportChanged();
            await("the first contact", () -> dpvs.reports().size() > 1);
            assertThat(dpvs.transactions())
                    .as("nobody has said yet what is wanted")
                    .hasSize(1);
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

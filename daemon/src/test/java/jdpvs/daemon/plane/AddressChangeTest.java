package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import jdpvs.daemon.kernel.KernelHas;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.port.OwnedAddresses;
import jdpvs.stack.StackSettings;
import jdpvs.wire.Address;
import org.junit.jupiter.api.Test;

/** Addresses, routes and neighbours, dpvs's and the kernel's, as transactions. */
class AddressChangeTest extends ControlPlaneFixture {
    AddressChangeTest() {
        super(false);
    }

    @Test
    void theKernelsAddressesAreToldToPortsAndRefusedToDpvs() throws Exception {
        apply(address("10.0.96.204", "dpdk2"));
        plane.kernelAddresses(kernelHas("10.0.96.200", "10.0.96.204"));
        assertThat(wan.kernels.getLast()).containsExactly(Address.parse("10.0.96.200"));
        assertThat(lan.kernels.getLast()).containsExactly(Address.parse("10.0.96.200"));
        assertThat(plane.routes(false)).noneMatch(route -> route.scope().equals("kni_host"));
        assertThat(refusal(address("10.0.96.200", "dpdk2")))
                .hasMessageContainingAll("10.0.96.200", "kernel interface of dpdk2");
        // dpvs had it first, and gives it up now.
        apply(new Change.AddressDelete(ip("10.0.96.204"), 0, "dpdk2"));
        assertThat(wan.kernels.getLast()).hasSize(2);
        plane.kernelAddresses(kernelHas());
        assertThat(wan.kernels.getLast()).isEmpty();
        apply(address("10.0.96.200", "dpdk2"));
    }

    @Test
    void whatIsRoutedKniHostByHandIsTheKernelsToo() throws Exception {
        apply(new Change.RouteAdd(ip("10.0.96.28"), 32, null, "dpdk2", null, 0, 0, "kni_host"));
        assertThat(wan.kernels.getLast()).containsExactly(Address.parse("10.0.96.28"));
        int told = wan.kernels.size();
        apply(route("10.0.0.0", 8, "dpdk2"));
        assertThat(wan.kernels).hasSize(told);
    }

    @Test
    void aServiceOnAnAddressOfTheKernelsIsBalanced() throws Exception {
        plane.kernelAddresses(kernelHas("10.0.96.204"));
        assertThat(wan.kernels.getLast()).hasSize(1);
        apply(service());
        assertThat(wan.kernels.getLast()).isEmpty();
        assertThat(plane.current().network().ofKernel()).isEmpty();
        apply(new Change.ServiceDelete(WEB));
        assertThat(wan.kernels.getLast()).containsExactly(Address.parse("10.0.96.204"));
    }

    @Test
    void portsLearnWhatIsOwnedBeforeWorkersAndKeepWhatWorkersMayStillUse() throws ControlException {
        howTo();
        assertThat(lan.owned.getLast().all())
                .isEqualTo(Set.of(
                        ip("10.0.96.204").toAddress(), ip("192.168.229.204").toAddress()));
        assertThat(lan.owned.getLast().local())
                .isEqualTo(Set.of(ip("192.168.229.204").toAddress()));
        assertThat(wan.owned.getLast()).isEqualTo(lan.owned.getLast());
        int before = lan.owned.size();
        apply(new Change.ServiceDelete(WEB), address("10.0.96.205", "dpdk2"));
        // The local address went with its service, and is on no list; but a worker that has not seen that may yet give
        // it to a connection.
        assertThat(plane.services()).isEmpty();
        assertThat(plane.current().network().isDraining(ip("192.168.229.204").toIpv4()))
                .isTrue();
        plane.everySecond();
        assertThat(lan.owned).hasSize(before + 1);
        assertThat(lan.owned.getLast().all()).hasSize(3);
        assertThat(lan.owned.getLast().local()).hasSize(1);
    }

    @Test
    void ipv6IsListedBesideIpv4() throws ControlException {
        howTo();
        apply(
                new Change.AddressAdd(ip("2001:db8::1"), 64, "dpdk0", null, "global", -1, -1, false),
                new Change.RouteAdd(ip("::"), 0, ip("2001:db8::ff"), "dpdk0", null, 0, 0, null),
                new Change.NeighbourAdd(ip("2001:db8::2"), "02:00:00:00:00:09", "dpdk0"));
        assertThat(plane.addresses(false))
                .filteredOn(a -> a.address().ipv6())
                .extracting(a -> a.address() + "/" + a.prefixLength() + " " + a.state())
                .containsExactly("2001:db8::1/64 tentative");
        assertThat(plane.routes(true))
                .as("its host route comes when the address is dpvs's own")
                .extracting(r -> r.prefix() + "/" + r.prefixLength() + " " + r.gateway() + " " + r.source())
                .containsExactly("2001:db8::/64 null 2001:db8::1", "::/0 2001:db8::ff null");
        assertThat(lan.owned.getLast().all()).contains(ip("2001:db8::1").toAddress());
        apply(new Change.RouteFlush(true, null));
        assertThat(plane.routes(true)).isEmpty();
        assertThat(plane.routes(false)).hasSize(5);
    }

    /** A virtual router's address: RFC 9568 §6.4.3. */
    @Test
    void anImmediateAddressIsDpvssOwnAtOnce() throws ControlException {
        apply(new Change.AddressAdd(ip("2001:db8::1"), 64, "dpdk0", null, "global", -1, -1, false, true));
        assertThat(plane.addresses(false)).extracting(Views.Address::state).containsExactly("assigned");
        assertThat(plane.current().network().tentative()).isEmpty();
        assertThat(plane.routes(true)).hasSize(2);
    }

    @Test
    void whatIsNotThereIsNotAnnounced() throws ControlException {
        Change announce = new Change.AddressAnnounce(ip("10.0.0.1"), "dpdk0");
        assertThat(refusal(announce)).hasMessage("address 10.0.0.1 on dpdk0");
        assertThat(refusal(announce).code()).isEqualTo(ErrorCode.NOT_EXIST);
        apply(address("10.0.0.1", "dpdk0"), announce);
        apply(announce);
        assertThat(refusal(new Change.AddressAnnounce(ip("10.0.0.1"), "dpdk2")).code())
                .isEqualTo(ErrorCode.NOT_EXIST);
        assertThat(refusal(new Change.AddressDelete(ip("10.0.0.1"), 32, "dpdk0"), announce)
                        .changeIndex())
                .isEqualTo(1);
        assertThat(plane.addresses(false)).hasSize(1);
    }

    @Test
    void withoutIpv6ItsAddressesAreRefusedByName() {
        plane.settings(Timeouts.DEFAULT, StackSettings.DEFAULTS.withIpv6(false, false), LinkLocalMode.NONE);
        for (Change change : List.of(
                address("fd00::1", "dpdk0"),
                route("fd00::", 64, "dpdk0"),
                new Change.NeighbourAdd(ip("fd00::2"), "02:00:00:00:00:09", "dpdk0"))) {
            ControlException refusal = refusal(change);
            assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
            assertThat(refusal).hasMessageContaining("ipv6_defs");
        }
    }

    @Test
    void moreAddressesThanPortsCanOwnAreRefusedWhole() throws ControlException {
        howTo();
        Snapshot before = plane.current();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < OwnedAddresses.CAPACITY; i++) {
            changes.add(address(IpAddress.ofIpv4(0x0b00_0000 + i).toString(), "dpdk0"));
        }
        ControlException refusal = refusal(changes.toArray(Change[]::new));
        assertThat(refusal.code()).isEqualTo(ErrorCode.NO_ROOM);
        assertThat(plane.current()).isSameAs(before);
        changes = changes.subList(0, OwnedAddresses.CAPACITY - 2);
        plane.apply(changes);
        assertThat(plane.addresses(false)).hasSize(OwnedAddresses.CAPACITY);
    }

    @Test
    void anAddressEndsWithItsLifetime() throws Exception {
        Change.AddressAdd mortal = new Change.AddressAdd(ip("10.0.0.9"), 32, "dpdk0", null, "global", 1, 1, false);
        Change.AddressAdd old = new Change.AddressAdd(ip("10.0.0.8"), 32, "dpdk0", null, "global", 9000, 60, false);
        apply(mortal, old);
        plane.everySecond();
        assertThat(plane.addresses(false)).hasSize(2);
        Thread.sleep(1100);
        plane.everySecond();
        assertThat(plane.addresses(false)).hasSize(1);
        assertThat(plane.addresses(false).getFirst().validSeconds()).isBetween(8990L, 8999L);
        assertThat(plane.addresses(false).getFirst().preferredSeconds()).isBetween(50L, 59L);
        Change.AddressAdd stillborn = new Change.AddressAdd(ip("10.0.0.7"), 32, "dpdk0", null, "global", 0, 0, false);
        assertThat(refusal(stillborn).code()).isEqualTo(ErrorCode.INVALID);
    }

    @Test
    void neighboursAndRoutesComeAndGo() throws ControlException {
        apply(new Change.NeighbourAdd(ip("192.168.229.1"), "02:00:00:00:00:77", "dpdk0"));
        assertThat(plane.current().network().staticNeighbours()).hasSize(1);
        apply(new Change.NeighbourDelete(ip("192.168.229.1"), "dpdk0"), route("10.0.0.0", 8, "dpdk0"));
        assertThat(plane.routes(false)).hasSize(1);
        apply(new Change.RouteFlush(false, null), new Change.RouteFlush(true, null));
        assertThat(plane.routes(false)).isEmpty();
        assertThat(refusal(new Change.NeighbourAdd(ip("10.0.0.1"), "nonsense", "dpdk0"))
                        .code())
                .isEqualTo(ErrorCode.INVALID);
        assertThat(refusal(new Change.RouteAdd(ip("10.0.0.0"), 8, null, "dpdk0", null, 0, 0, "moon"))
                        .code())
                .isEqualTo(ErrorCode.INVALID);
    }

    /** Whoever serves a UDP port there through the kernel is not to lose it to an error from dpvs. */
    @Test
    void anAddressOfDpvsThatTheKernelHasElsewhereIsBoths() throws Exception {
        Address vip = Address.parse("10.0.96.204");
        KernelHas loopback = new KernelHas(Map.of(1, Set.of()), Set.of(vip, Address.parse("127.0.0.1")));
        plane.kernelAddresses(loopback);
        assertThat(plane.current().network().kernelHasToo()).isEmpty();
        apply(address("10.0.96.204", "dpdk2"));
        assertThat(plane.current().network().kernelHasToo(vip.high(), vip.low()))
                .isTrue();
        assertThat(plane.current().network().ofKernel()).isEmpty();
        plane.kernelAddresses(KernelHas.NOTHING);
        assertThat(plane.current().network().kernelHasToo()).isEmpty();
    }
}

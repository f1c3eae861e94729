package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.Endpoint;
import jdpvs.control.ErrorCode;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Views;
import jdpvs.daemon.worker.DataPlane;
import jdpvs.daemon.worker.LinkFlags;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.WirePort;
import jdpvs.daemon.worker.WorkerPlan;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.port.DropReason;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.PortCounters;
import jdpvs.stack.Device;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.StackSettings;
import jdpvs.wire.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The how-to's commands as transactions against the real configuration rooms; its workers exist, but do not run. */
class ControlPlaneTest {
    private static final ServiceKey WEB = new ServiceKey(Protocol.TCP, ip("10.0.96.204"), 80);
    private static final Limits LIMITS = new Limits(64, 256, 64);

    private final WirePort wan = new WirePort("dpdk2", 0x0200_0000_0201L, 1);
    private final WirePort lan = new WirePort("dpdk0", 0x0200_0000_0101L, 1);
    private final LinkFlags links = new LinkFlags(2);
    private List<WorkerUnit> units = List.of();
    private final ControlPlane plane = plane();

    private ControlPlane plane() {
        NetworkConfiguration network = NetworkConfiguration.of(List.of(
                new Device(0, "dpdk0", lan.macAddress(), 1500, false),
                new Device(1, "dpdk2", wan.macAddress(), 1500, false)));
        Snapshot first = new Snapshot(network, ServiceConfiguration.EMPTY, Timeouts.DEFAULT);
        WorkerPlan plan =
                new WorkerPlan("cpu1", -1, List.of(new WorkerPlan.Binding(0, 0), new WorkerPlan.Binding(1, 0)));
        DataPlane data = new DataPlane(List.of(lan, wan), List.of(plan), links, 1024, LIMITS, false, first);
        units = data.units();
        ServerStatistics statistics = new ServerStatistics(data.counters(), LIMITS.servers());
        Identity identity = new Identity(
                "0", "test", Instant.now(), Path.of("/etc/dpvs.conf"), Path.of("/run/x"), 1, List.of("a notice"));
        List<Views.QueueBinding> queues = List.of(new Views.QueueBinding("rx0-tx0", "cpu1-cpu1"));
        DeviceTable devices = new DeviceTable(
                List.of(
                        new DeviceEntry(0, lan, 1500, queues, 1, 1, null, 65535),
                        new DeviceEntry(1, wan, 1500, queues, 1, 1, null, 65535)),
                links);
        return new ControlPlane(
                identity, devices, data.units(), new ServiceTable(LIMITS, statistics), statistics, first, 16);
    }

    private static Map<Integer, Set<Address>> kernelHas(String... addresses) {
        return Map.of(1, Stream.of(addresses).map(Address::parse).collect(Collectors.toSet()));
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
    void forward2kniNeedsAKernelInterface() {
        assertThat(refusal(new Change.LinkSet("dpdk2", "forward2kni", "on")))
                .hasMessageContainingAll("dpdk2", "kni_name");
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private static Change.AddressAdd address(String address, String device) {
        return new Change.AddressAdd(ip(address), 32, device, null, "global", -1, -1, false);
    }

    private static Change.RouteAdd route(String prefix, int length, String device) {
        return new Change.RouteAdd(ip(prefix), length, null, device, null, 0, 0, null);
    }

    private static Change.ServiceAdd service() {
        return new Change.ServiceAdd(WEB, ServiceOptions.of("rr"));
    }

    private static Change.ServerAdd server(String address) {
        return new Change.ServerAdd(WEB, new Endpoint(ip(address), 80), new ServerOptions(Forwarding.FULLNAT, 1, 0, 0));
    }

    private static Change.LocalAddressAdd local(String address) {
        return new Change.LocalAddressAdd(WEB, ip(address), "dpdk0");
    }

    private void apply(Change... changes) throws ControlException {
        plane.apply(List.of(changes));
    }

    private ControlException refusal(Change... changes) {
        ControlException refusal = catchThrowableOfType(ControlException.class, () -> apply(changes));
        assertThat(refusal).as("refusal of %s", Arrays.toString(changes)).isNotNull();
        return refusal;
    }

    private Views.Service listed() {
        return Objects.requireNonNull(plane.service(WEB));
    }

    private void howTo() throws ControlException {
        apply(address("10.0.96.204", "dpdk2"));
        apply(route("10.0.96.0", 24, "dpdk2"));
        apply(route("192.168.229.0", 24, "dpdk0"));
        apply(new Change.RouteAdd(ip("0.0.0.0"), 0, ip("10.0.96.254"), "dpdk2", null, 0, 0, null));
        apply(service());
        apply(server("192.168.229.1"));
        apply(local("192.168.229.204"));
    }

    @Test
    void theHowToIsListed() throws ControlException {
        howTo();
        assertThat(plane.addresses(false))
                .extracting(a -> a.address() + " " + a.device() + " " + a.pool())
                .containsExactlyInAnyOrder(
                        "10.0.96.204 dpdk2 null", "192.168.229.204 dpdk0 " + new Views.Pool(0, 1032176, 0));
        assertThat(plane.routes(false))
                .extracting(r ->
                        r.prefix() + "/" + r.prefixLength() + " " + r.gateway() + " " + r.device() + " " + r.scope())
                .containsExactlyInAnyOrder(
                        "192.168.229.204/32 null dpdk0 host",
                        "10.0.96.204/32 null dpdk2 host",
                        "10.0.96.0/24 null dpdk2 link",
                        "192.168.229.0/24 null dpdk0 link",
                        "0.0.0.0/0 10.0.96.254 dpdk2 global");
        assertThat(plane.routes(true)).isEmpty();
        Views.Service listed = listed();
        assertThat(listed).isEqualTo(plane.services().getFirst());
        assertThat(listed.servers()).hasSize(1);
        assertThat(listed.localAddresses())
                .containsExactly(new Views.LocalAddress(ip("192.168.229.204"), "dpdk0", 0, 0));
        assertThat(plane.addresses(true)).hasSize(4);
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
    void aTransactionIsAllOrNothing() throws ControlException {
        howTo();
        Snapshot before = plane.current();
        List<Views.Service> services = plane.services();
        ControlException refusal = refusal(
                address("10.0.96.210", "dpdk2"),
                server("192.168.229.2"),
                new Change.ServerDelete(WEB, new Endpoint(ip("192.168.229.1"), 80)),
                server("192.168.229.2"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.EXISTS);
        assertThat(refusal.changeIndex()).isEqualTo(3);
        assertThat(plane.current()).isSameAs(before);
        assertThat(plane.services()).isEqualTo(services);
        assertThatCode(() -> apply(server("192.168.229.2"))).doesNotThrowAnyException();
    }

    @Test
    void refusalsCarryDpvssCodes() throws ControlException {
        howTo();
        ServiceKey absent = new ServiceKey(Protocol.TCP, ip("10.0.96.204"), 81);
        Endpoint stranger = new Endpoint(ip("192.168.229.9"), 80);
        ServerOptions fullNat = new ServerOptions(Forwarding.FULLNAT, 1, 0, 0);
        assertThat(refusal(address("10.0.96.204", "dpdk2")).code()).isEqualTo(ErrorCode.EXISTS);
        assertThat(refusal(address("10.0.96.205", "dpdk9")).code()).isEqualTo(ErrorCode.NOT_EXIST);
        assertThat(refusal(new Change.AddressDelete(ip("10.0.96.9"), 32, "dpdk2"))
                        .code())
                .isEqualTo(ErrorCode.NOT_EXIST);
        assertThat(refusal(service()).code()).isEqualTo(ErrorCode.EXISTS);
        assertThat(refusal(new Change.ServiceAdd(absent, ServiceOptions.of("nosuch")))
                        .code())
                .isEqualTo(ErrorCode.NOT_EXIST);
        assertThat(refusal(new Change.ServiceDelete(absent)).code()).isEqualTo(ErrorCode.INVALID);
        assertThat(refusal(new Change.ServerAdd(absent, stranger, fullNat)).code())
                .isEqualTo(ErrorCode.INVALID);
        assertThat(refusal(new Change.ServerEdit(WEB, stranger, fullNat)).code())
                .isEqualTo(ErrorCode.NOT_EXIST);
        assertThat(refusal(local("192.168.229.204")).code()).isEqualTo(ErrorCode.EXISTS);
        assertThat(refusal(new Change.LocalAddressAdd(absent, ip("192.168.229.205"), "dpdk0"))
                        .code())
                .isEqualTo(ErrorCode.NO_SERVICE);
        assertThat(refusal(new Change.LocalAddressAdd(WEB, ip("192.168.229.205"), "dpdk7"))
                        .code())
                .isEqualTo(ErrorCode.NOT_EXIST);
        assertThat(refusal(new Change.Zero(absent)).code()).isEqualTo(ErrorCode.INVALID);
        assertThat(plane.services().getFirst().localAddresses()).hasSize(1);
        assertThat(plane.addresses(false)).hasSize(2);
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

    @ParameterizedTest
    @EnumSource(value = Forwarding.class, mode = EnumSource.Mode.EXCLUDE, names = "FULLNAT")
    void otherForwardingIsRefused(Forwarding forwarding) throws ControlException {
        howTo();
        ServerOptions options = new ServerOptions(forwarding, 1, 0, 0);
        Change add = new Change.ServerAdd(WEB, new Endpoint(ip("192.168.229.7"), 80), options);
        assertThat(refusal(add).code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
    }

    @Test
    void aLocalAddressComesToItsDeviceAndLeavesWithItsLastService() throws ControlException {
        howTo();
        ServiceKey other = new ServiceKey(Protocol.UDP, ip("10.0.96.204"), 53);
        IpAddress lip = ip("192.168.229.204");
        apply(new Change.ServiceAdd(other, ServiceOptions.of("wlc")), new Change.LocalAddressAdd(other, lip, "dpdk0"));
        apply(new Change.LocalAddressDelete(WEB, lip, "dpdk0"));
        assertThat(plane.addresses(false)).extracting(Views.Address::address).contains(lip);
        apply(new Change.LocalAddressDelete(other, lip, "dpdk0"));
        assertThat(plane.addresses(false)).extracting(Views.Address::address).doesNotContain(lip);
    }

    @Test
    void anAddressThatIsAlreadyThereMayBecomeLocal() throws ControlException {
        apply(address("192.168.229.204", "dpdk0"), service(), local("192.168.229.204"));
        assertThat(plane.addresses(false)).hasSize(1);
        assertThat(plane.addresses(false).getFirst().pool()).isNotNull();
    }

    @Test
    void aLocalAddressIsOnOneDevice() throws ControlException {
        howTo();
        IpAddress lip = ip("192.168.229.204");
        assertThat(refusal(new Change.LocalAddressDelete(WEB, lip, "dpdk2")))
                .hasMessage("local address 192.168.229.204 on dpdk2; it is on another device")
                .extracting(ControlException::code)
                .isEqualTo(ErrorCode.NOT_EXIST);
        assertThat(listed().localAddresses()).hasSize(1);
        apply(address("192.168.229.205", "dpdk2"));
        ControlException elsewhere = refusal(local("192.168.229.205"));
        assertThat(elsewhere.code()).isEqualTo(ErrorCode.EXISTS);
        assertThat(elsewhere).hasMessageContaining("192.168.229.205 on dpdk2");
        assertThat(listed().localAddresses()).hasSize(1);
    }

    @Test
    void aVirtualAddressStaysWhenItNoLongerIsLocal() throws ControlException {
        howTo();
        IpAddress both = ip("10.0.96.204");
        apply(new Change.LocalAddressAdd(WEB, both, "dpdk2"));
        apply(new Change.LocalAddressDelete(WEB, both, "dpdk2"));
        assertThat(plane.addresses(false)).extracting(Views.Address::address).contains(both);
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

    /** The tools print the code's phrase before the sentence, as {@link Change} says. */
    @Test
    void noRefusalSaysItsPhraseTwice() throws ControlException {
        howTo();
        ServiceKey absent = new ServiceKey(Protocol.TCP, ip("10.0.96.204"), 81);
        Endpoint stranger = new Endpoint(ip("192.168.229.9"), 80);
        for (Change change : List.of(
                address("10.0.96.204", "dpdk2"),
                address("10.0.96.205", "dpdk9"),
                address("ff02::1", "dpdk0"),
                new Change.AddressDelete(ip("10.0.96.9"), 32, "dpdk2"),
                new Change.NeighbourDelete(ip("10.0.96.9"), "dpdk2"),
                new Change.LinkSet("dpdk2", "lldp", "on"),
                service(),
                server("192.168.229.1"),
                local("192.168.229.204"),
                new Change.ServiceAdd(absent, ServiceOptions.of("nosuch")),
                new Change.ServiceAdd(absent, ServiceOptions.of("mh")),
                new Change.ServiceAdd(new ServiceKey(Protocol.SCTP, ip("10.0.96.204"), 81), ServiceOptions.of("rr")),
                new Change.ServerAdd(WEB, stranger, new ServerOptions(Forwarding.ROUTE, 1, 0, 0)),
                new Change.ServerDelete(WEB, stranger),
                new Change.LocalAddressDelete(WEB, ip("192.168.229.9"), "dpdk0"),
                new Change.LocalAddressAdd(absent, ip("192.168.229.9"), "dpdk0"))) {
            ControlException refusal = refusal(change);
            assertThat(refusal.getMessage())
                    .as("%s: %s", refusal.code().text(), change)
                    .doesNotContain("already", "exist", "there is no", "supported");
        }
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
    void clearKeepsAddresses() throws ControlException {
        howTo();
        apply(new Change.ServiceClear());
        assertThat(plane.services()).isEmpty();
        assertThat(plane.addresses(false)).hasSize(2);
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

    @Test
    void linksAreSetAndListed() throws ControlException {
        apply(new Change.LinkSet("dpdk2", "promisc", "on"), new Change.LinkSet("dpdk2", "link", "down"));
        assertThat(wan.promiscuous).isTrue();
        assertThat(links.isUp(1)).isFalse();
        Views.Link link = plane.links().get(1);
        assertThat(link.id()).isEqualTo(2);
        assertThat(link.name()).isEqualTo("dpdk2");
        assertThat(link.up()).isFalse();
        assertThat(link.flags()).containsExactly("promisc");
        assertThat(link.macAddress()).isEqualTo("02:00:00:00:02:01");
        assertThat(refusal(new Change.LinkSet("dpdk2", "lldp", "on")).code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(refusal(new Change.LinkSet("dpdk2", "promisc", "maybe")).code())
                .isEqualTo(ErrorCode.INVALID);
        assertThat(refusal(new Change.LinkSet("dpdk9", "promisc", "on")).code()).isEqualTo(ErrorCode.NOT_EXIST);
    }

    @Test
    void aRefusedTransactionSetsNoLink() {
        refusal(new Change.LinkSet("dpdk2", "promisc", "on"), new Change.ServiceDelete(WEB));
        assertThat(wan.promiscuous).isFalse();
    }

    @Test
    void reloadChangesSettingsOnly() throws ControlException {
        howTo();
        List<Views.Service> services = plane.services();
        Timeouts timeouts = new Timeouts(2, 77, 3, 30, 7, 7, 3, 7, 7, 120, 30, 2, 300, 300, 2, 3);
        plane.settings(timeouts, StackSettings.DEFAULTS.withIpv4Forwarding(true), LinkLocalMode.NONE);
        assertThat(plane.current().timeouts()).isEqualTo(timeouts);
        assertThat(plane.current().network().settings().ipv4Forwarding()).isTrue();
        assertThat(plane.services()).isEqualTo(services);
        assertThat(plane.addresses(false)).hasSize(2);
    }

    @Test
    void dropsStatusAndConnections() {
        assertThat(plane.drops()).hasSize(DropReason.values().length + 4).allMatch(drop -> drop.total() == 0);
        // What was lost on the way in and on the way out belongs to the books too.
        wan.counters = new PortCounters(100, 6000, 90, 5400, 1, 2, 4, 64);
        lan.counters = new PortCounters(100, 6000, 90, 5400, 8, 16, 32, 128);
        assertThat(plane.drops())
                .filteredOn(drop -> drop.total() > 0)
                .extracting(Views.Drop::reason, Views.Drop::total, Views.Drop::perWorker)
                .containsExactly(
                        tuple("receive-missed", 36L, List.of(36L)),
                        tuple("receive-error", 9L, List.of(9L)),
                        tuple("unused-slave", 192L, List.of(192L)),
                        tuple("transmit-refused", 18L, List.of(18L)));
        Views.Status status = plane.status();
        assertThat(status.connectionCapacity()).isEqualTo(1024);
        assertThat(status.notices()).containsExactly("a notice");
        assertThat(status.workers()).extracting(Views.Worker::name).containsExactly("cpu1");
        List<Views.Connection> connections = new ArrayList<>();
        plane.connections(connections::add);
        assertThat(connections).isEmpty();
        assertThat(plane.neighbours()).isEmpty();
        plane.everySecond();
    }

    /** In the order of DPVS's {@code dpip ipv6 show}. */
    @Test
    void ipv6Counters() {
        assertThat(plane.ipv6Counters())
                .extracting(Views.Ipv6Counter::name)
                .containsExactly(
                        ("InReceives InOctets InDelivers OutForwDatagrams OutRequests OutOctets InHdrErrors InTooBigErrors "
                                        + "InNoRoutes InAddrErrors InUnknownProtos InTruncatedPkts InDiscards OutDiscards OutNoRoutes "
                                        + "ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates InMcastPkts OutMcastPkts "
                                        + "InBcastPkts OutBcastPkts InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors "
                                        + "InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts")
                                .split(" "));
        units.getFirst().worker().context().ipv6.add(Ipv6Counter.IN_ECT0_PKTS, 7);
        assertThat(plane.ipv6Counters())
                .filteredOn(counter -> counter.total() > 0)
                .containsExactly(
                        new Views.Ipv6Counter("InECT0Pkts", Ipv6Counter.IN_ECT0_PKTS.sentence(), 7, List.of(7L)));
    }

    @Test
    void manyServersInOneTransaction() throws ControlException {
        List<Change> changes = new ArrayList<>(List.of(service()));
        for (int i = 0; i < LIMITS.servers(); i++) {
            changes.add(server("192.168.229." + i));
        }
        changes.removeIf(c -> c instanceof Change.ServerAdd add
                && Set.of(0L, 255L).contains(add.server().address().low() & 0xff));
        plane.apply(changes);
        assertThat(listed().servers()).hasSizeGreaterThanOrEqualTo(254);
    }
}

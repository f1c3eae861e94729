package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.Endpoint;
import jdpvs.control.ErrorCode;
import jdpvs.control.Forwarding;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Views;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.port.DropReason;
import jdpvs.port.PortCounters;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.StackSettings;
import org.junit.jupiter.api.Test;

/** The how-to's commands as transactions against the real configuration rooms, and what the whole tells of itself. */
class ControlPlaneTest extends ControlPlaneFixture {
    ControlPlaneTest() {
        super(false);
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
}

package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Instant;
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
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Views;
import jdpvs.daemon.kernel.KernelHas;
import jdpvs.daemon.worker.DataPlane;
import jdpvs.daemon.worker.LinkFlags;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.WirePort;
import jdpvs.daemon.worker.WorkerPlan;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.stack.Device;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.wire.Address;

/** A control plane over two ports, dpdk0 towards the servers and dpdk2 towards the clients, with the how-to's commands as changes; its workers exist, but do not run. */
abstract class ControlPlaneFixture {
    static final ServiceKey WEB = new ServiceKey(Protocol.TCP, ip("10.0.96.204"), 80);
    static final Limits LIMITS = new Limits(64, 256, 64);

    final WirePort wan = new WirePort("dpdk2", 0x0200_0000_0201L, 1);
    final WirePort lan = new WirePort("dpdk0", 0x0200_0000_0101L, 1);
    final LinkFlags links = new LinkFlags(2);
    List<WorkerUnit> units = List.of();
    final ControlPlane plane;

    /** @param wanShared whether the kernel shares dpdk2 */
    ControlPlaneFixture(boolean wanShared) {
        plane = plane(wanShared);
    }

    private ControlPlane plane(boolean wanShared) {
        NetworkConfiguration network = NetworkConfiguration.of(List.of(
                new Device(0, "dpdk0", lan.macAddress(), 1500, false),
                new Device(1, "dpdk2", wan.macAddress(), 1500, wanShared)));
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

    static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    static Change.AddressAdd address(String address, String device) {
        IpAddress ip = ip(address);
        return new Change.AddressAdd(ip, ip.bits(), device, null, "global", -1, -1, false);
    }

    static Change.RouteAdd route(String prefix, int length, String device) {
        return new Change.RouteAdd(ip(prefix), length, null, device, null, 0, 0, null);
    }

    static Change.ServiceAdd service() {
        return new Change.ServiceAdd(WEB, ServiceOptions.of("rr"));
    }

    static Change.ServerAdd server(String address) {
        return new Change.ServerAdd(WEB, new Endpoint(ip(address), 80), new ServerOptions(Forwarding.FULLNAT, 1, 0, 0));
    }

    static Change.LocalAddressAdd local(String address) {
        return new Change.LocalAddressAdd(WEB, ip(address), "dpdk0");
    }

    static KernelHas kernelHas(String... addresses) {
        Set<Address> all = Stream.of(addresses).map(Address::parse).collect(Collectors.toSet());
        return new KernelHas(Map.of(1, all), all);
    }

    void apply(Change... changes) throws ControlException {
        plane.apply(List.of(changes));
    }

    ControlException refusal(Change... changes) {
        ControlException refusal = catchThrowableOfType(ControlException.class, () -> apply(changes));
        assertThat(refusal).as("refusal of %s", Arrays.toString(changes)).isNotNull();
        return refusal;
    }

    Views.Service listed() {
        return Objects.requireNonNull(plane.service(WEB));
    }

    void howTo() throws ControlException {
        apply(address("10.0.96.204", "dpdk2"));
        apply(route("10.0.96.0", 24, "dpdk2"));
        apply(route("192.168.229.0", 24, "dpdk0"));
        apply(new Change.RouteAdd(ip("0.0.0.0"), 0, ip("10.0.96.254"), "dpdk2", null, 0, 0, null));
        apply(service());
        apply(server("192.168.229.1"));
        apply(local("192.168.229.204"));
    }
}

package jdpvs.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.Protocol;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.RouteRequest;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real workers on threads of their own, between two ports that a test holds the other ends of. */
class ForwardingTest {
    private static final int VIP = Ipv4Address.parse("10.0.96.204");
    private static final int LIP = Ipv4Address.parse("192.168.229.204");
    private static final int CLIENT = Ipv4Address.parse("172.16.0.1");
    private static final int GATEWAY = Ipv4Address.parse("10.0.96.254");
    private static final int SERVER = Ipv4Address.parse("192.168.229.1");
    private static final long GATEWAY_MAC = 0x0200_0000_00feL;
    private static final long SERVER_MAC = 0x0200_0000_0001L;
    private static final long LAN_MAC = 0x0200_0000_0101L;
    private static final long WAN_MAC = 0x0200_0000_0201L;
    private static final Limits LIMITS = new Limits(16, 16, 16);

    private final List<DataPlane> started = new ArrayList<>();
    private final LinkFlags links = new LinkFlags(2);

    @AfterEach
    void stop() {
        started.forEach(DataPlane::stop);
    }

    private DataPlane start(WirePort lan, WirePort wan, int workers) throws Exception {
        Device dpdk0 = new Device(0, "dpdk0", LAN_MAC, 1500, false);
        Device dpdk2 = new Device(1, "dpdk2", WAN_MAC, 1500, false);
        NetworkConfiguration network = NetworkConfiguration.of(List.of(dpdk0, dpdk2))
                .withAddress(InterfaceAddress.of(VIP, 32, dpdk2, false))
                .withAddress(InterfaceAddress.of(LIP, 32, dpdk0, true))
                .withRoute(RouteRequest.link(Ipv4Address.parse("192.168.229.0"), 24, dpdk0))
                .withRoute(RouteRequest.link(Ipv4Address.parse("10.0.96.0"), 24, dpdk2))
                .withRoute(RouteRequest.via(0, 0, GATEWAY, dpdk2))
                .withNeighbour(GATEWAY, GATEWAY_MAC, dpdk2)
                .withNeighbour(SERVER, SERVER_MAC, dpdk0);
        List<WorkerPlan> plans = IntStream.range(0, workers)
                .mapToObj(i -> new WorkerPlan(
                        "cpu" + (i + 1), -1, List.of(new WorkerPlan.Binding(0, i), new WorkerPlan.Binding(1, i))))
                .toList();
        links.set(0, true);
        links.set(1, true);
        Snapshot first = new Snapshot(network, ServiceConfiguration.EMPTY, Timeouts.DEFAULT);
        DataPlane data = new DataPlane(List.of(lan, wan), plans, links, 1024, LIMITS, false, first);
        started.add(data);
        data.start();
        // Published to running, sleeping workers, as a command does.
        VirtualEndpoint service = new VirtualEndpoint(Protocol.TCP, VIP, 80);
        ServiceTable table = new ServiceTable(LIMITS, new ServerStatistics(data.counters(), LIMITS.servers()));
        ServiceConfiguration services = table.begin()
                .addService(service, ServiceSettings.of("rr"))
                .addServer(service, new ServerEndpoint(SERVER, 80), ServerSettings.weight(1))
                .addLocalAddress(service, LIP, 0)
                .commit();
        Snapshot next = first.with(network, services);
        data.units().forEach(unit -> unit.worker().publish(next));
        DataPlaneWait.until(() ->
                data.units().stream().allMatch(unit -> unit.worker().adopted().equals(next)));
        return data;
    }

    /** Where a sent frame's headers are, in memory that stays. */
    private static long ip(byte[] frame) {
        long address = Arena.global().allocate(frame.length).address();
        Memory.copyIn(frame, 0, address, frame.length);
        return address + Ethernet.LENGTH;
    }

    private static byte[] sent(WirePort port) throws InterruptedException {
        byte[] frame = port.nextSent();
        assertThat(frame).as("a frame sent on %s", port.name()).isNotNull();
        return frame == null ? new byte[0] : frame;
    }

    private static byte[] syn(int port) {
        return PacketBuilder.tcp(CLIENT, port, VIP, 80)
                .macs(WAN_MAC, GATEWAY_MAC)
                .flags(Tcp.SYN)
                .toBytes();
    }

    /** The SYN arrives by one queue, the answer by another; returns the frame that the client's side gets. */
    private static long handshake(WirePort lan, WirePort wan, int clientPort, int synQueue, int answerQueue)
            throws InterruptedException {
        wan.receive(synQueue, syn(clientPort));
        long ip = ip(sent(lan));
        long tcp = ip + Ipv4.MINIMUM_LENGTH;
        assertThat(Ipv4.source(ip)).isEqualTo(LIP);
        assertThat(Ipv4.destination(ip)).isEqualTo(SERVER);
        assertThat(Ethernet.destination(ip - Ethernet.LENGTH)).isEqualTo(SERVER_MAC);
        assertThat(Ethernet.source(ip - Ethernet.LENGTH)).isEqualTo(LAN_MAC);
        byte[] answer = PacketBuilder.tcp(SERVER, 80, LIP, Tcp.sourcePort(tcp))
                .macs(LAN_MAC, SERVER_MAC)
                .flags(Tcp.SYN | Tcp.ACK)
                .acknowledgement(Tcp.sequence(tcp) + 1)
                .toBytes();
        lan.receive(answerQueue, answer);
        long back = ip(sent(wan));
        assertThat(Ipv4.source(back)).isEqualTo(VIP);
        assertThat(Ipv4.destination(back)).isEqualTo(CLIENT);
        assertThat(Ethernet.destination(back - Ethernet.LENGTH)).isEqualTo(GATEWAY_MAC);
        assertThat(Tcp.destinationPort(back + Ipv4.MINIMUM_LENGTH)).isEqualTo(clientPort);
        return back;
    }

    @Test
    void oneWorker() throws Exception {
        WirePort lan = new WirePort("dpdk0", LAN_MAC, 1);
        WirePort wan = new WirePort("dpdk2", WAN_MAC, 1);
        DataPlane data = start(lan, wan, 1);
        for (int port = 1000; port < 1200; port++) {
            handshake(lan, wan, port, 0, 0);
        }
        WorkerUnit unit = data.units().getFirst();
        assertThat(unit.balancer().connections().size()).isEqualTo(200);
        // Counted when the cycle ends, a moment after its frames were seen here.
        DataPlaneWait.until(() -> unit.worker().meter().packets() == 400);
        assertThat(unit.worker().meter().busyCycles()).isPositive();
        assertThat(unit.worker().context().drops.get(DropReason.INTERNAL_ERROR)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void answersThatComeToTheWrongWorkerAreHandedOver(int workers) throws Exception {
        WirePort lan = new WirePort("dpdk0", LAN_MAC, workers);
        WirePort wan = new WirePort("dpdk2", WAN_MAC, workers);
        DataPlane data = start(lan, wan, workers);
        for (int i = 0; i < 60; i++) {
            handshake(lan, wan, 2000 + i, i % workers, (i + 1) % workers);
        }
        for (WorkerUnit unit : data.units()) {
            assertThat(unit.balancer().connections().size()).isEqualTo(60 / workers);
            assertThat(unit.worker().context().drops.get(DropReason.HANDOVER_RING_FULL))
                    .isZero();
        }
    }

    @Test
    void aDeviceThatIsDownDropsAndCounts() throws Exception {
        WirePort lan = new WirePort("dpdk0", LAN_MAC, 1);
        WirePort wan = new WirePort("dpdk2", WAN_MAC, 1);
        DataPlane data = start(lan, wan, 1);
        links.set(0, false);
        wan.receive(0, syn(3000));
        DataPlaneWait.until(
                () -> data.units().getFirst().worker().context().drops.get(DropReason.LINK_DOWN) == 1);
    }

    @Test
    void idleWorkersSleep() throws Exception {
        WirePort lan = new WirePort("dpdk0", LAN_MAC, 1);
        WirePort wan = new WirePort("dpdk2", WAN_MAC, 1);
        DataPlane data = start(lan, wan, 1);
        Thread.sleep(300);
        long before = data.units().getFirst().worker().meter().cycles();
        Thread.sleep(500);
        // A spinning worker makes millions of cycles in this time, a sleeping one a hundred ticks.
        assertThat(data.units().getFirst().worker().meter().cycles() - before).isLessThan(20_000);
    }
}

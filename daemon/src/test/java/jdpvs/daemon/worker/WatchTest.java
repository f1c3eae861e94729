package jdpvs.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.control.PacketEvent;
import jdpvs.control.PacketEvent.Kind;
import jdpvs.daemon.watch.PacketWatches;
import jdpvs.daemon.watch.Watcher;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.RouteRequest;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watching a running worker: what is shown of packets that are answered, that are dropped, and that wait in vain for ARP. */
class WatchTest {
    private static final long MAC = 0x0200_0000_0101L;
    private static final long CLIENT_MAC = 0x0200_0000_0001L;
    private static final int OWN = Ipv4Address.parse("10.0.0.1");
    private static final int CLIENT = Ipv4Address.parse("10.0.0.2");

    private final List<DataPlane> started = new ArrayList<>();
    private final WirePort port = new WirePort("dpdk0", MAC, 1);

    @AfterEach
    void stop() {
        started.forEach(DataPlane::stop);
    }

    private Worker start() throws Exception {
        Device dpdk0 = new Device(0, "dpdk0", MAC, 1500, false);
        NetworkConfiguration network = NetworkConfiguration.of(List.of(dpdk0))
                .withAddress(InterfaceAddress.of(OWN, 32, dpdk0, false))
                .withRoute(RouteRequest.link(Ipv4Address.parse("10.0.0.0"), 24, dpdk0))
                .withNeighbour(CLIENT, CLIENT_MAC, dpdk0);
        LinkFlags links = new LinkFlags(1);
        links.set(0, true);
        DataPlane data = new DataPlane(
                List.of(port),
                List.of(new WorkerPlan("cpu1", -1, List.of(new WorkerPlan.Binding(0, 0)))),
                links,
                1024,
                new Limits(16, 16, 16),
                false,
                new Snapshot(network, ServiceConfiguration.EMPTY, Timeouts.DEFAULT));
        started.add(data);
        data.start();
        return data.units().getFirst().worker();
    }

    /** Runs the action while a watch is on, and returns what it shows once there are so many events that are no ticks. */
    private List<PacketEvent> watch(Worker worker, String filter, boolean follow, int events, Runnable action)
            throws Exception {
        List<PacketEvent> seen = new CopyOnWriteArrayList<>();
        try (Watcher watcher = new Watcher(List.of(worker.context()), filter, -1, 262_144, follow, id -> "dpdk" + id)) {
            PacketWatches watches = new PacketWatches(List.of(watcher.watch(0)));
            worker.watch(watches);
            DataPlaneWait.until(() -> watches.equals(worker.watches()));
            action.run();
            long deadline = System.nanoTime() + 5_000_000_000L;
            watcher.show(event -> {
                if (event.kind() != Kind.TICK) {
                    seen.add(event);
                }
                return seen.size() < events && System.nanoTime() < deadline;
            });
            worker.watch(null);
            DataPlaneWait.until(() -> worker.watches() == null);
        }
        return seen;
    }

    private static byte[] echo() {
        return PacketBuilder.echo(CLIENT, OWN, 7, 1)
                .macs(MAC, CLIENT_MAC)
                .payload(30)
                .toBytes();
    }

    private static byte[] toClosedPort() {
        return PacketBuilder.udp(CLIENT, 5000, OWN, 9)
                .macs(MAC, CLIENT_MAC)
                .payload("hello")
                .toBytes();
    }

    @Test
    void whatIsReceivedAndSentIsShown() throws Exception {
        Worker worker = start();
        List<PacketEvent> seen = watch(worker, "icmp", false, 2, () -> port.receive(0, echo()));
        assertThat(seen).extracting(PacketEvent::kind).containsExactly(Kind.RECEIVED, Kind.SENT);
        assertThat(seen).extracting(PacketEvent::device).containsOnly("dpdk0");
        assertThat(seen)
                .extracting(PacketEvent::packet)
                .containsOnly(seen.getFirst().packet());
        byte[] bytes = new byte[seen.getFirst().bytes().remaining()];
        seen.getFirst().bytes().get(bytes);
        assertThat(bytes).isEqualTo(echo());
        assertThat(port.nextSent()).isNotNull();
    }

    @Test
    void aDropShowsTheFrameAsItCameWithTheReason() throws Exception {
        Worker worker = start();
        List<PacketEvent> seen = watch(worker, "dropped", false, 1, () -> {
            port.receive(0, echo());
            port.receive(0, toClosedPort());
        });
        assertThat(seen).hasSize(1);
        PacketEvent drop = seen.getFirst();
        assertThat(drop.kind()).isEqualTo(Kind.DROPPED);
        assertThat(drop.name()).isEqualTo("local-port-closed");
        byte[] bytes = new byte[drop.bytes().remaining()];
        drop.bytes().get(bytes);
        assertThat(bytes).isEqualTo(toClosedPort());
    }

    @Test
    void theReasonChooses() throws Exception {
        Worker worker = start();
        List<PacketEvent> seen = watch(worker, "reason not-syn or reason local-port-closed", false, 1, () -> {
            port.receive(0, echo());
            port.receive(0, toClosedPort());
        });
        assertThat(seen).extracting(PacketEvent::name).containsExactly("local-port-closed");
    }

    @Test
    void aFollowedPacketBringsWhatFollowsFromIt() throws Exception {
        Worker worker = start();
        List<PacketEvent> seen = watch(worker, "udp dst port 9", true, 3, () -> {
            port.receive(0, echo());
            port.receive(0, toClosedPort());
        });
        assertThat(seen).extracting(PacketEvent::kind).contains(Kind.RECEIVED, Kind.DROPPED);
        assertThat(seen)
                .extracting(PacketEvent::packet)
                .containsOnly(seen.getFirst().packet());
    }

    @Test
    void nobodyIsToldAfterwards() throws Exception {
        Worker worker = start();
        watch(worker, "", false, 1, () -> port.receive(0, echo()));
        port.receive(0, echo());
        assertThat(port.nextSent()).isNotNull();
        assertThat(worker.watches()).isNull();
    }
}

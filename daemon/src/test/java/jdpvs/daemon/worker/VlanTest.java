package jdpvs.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.port.Burst;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.port.PortCounters;
import jdpvs.port.Step;
import jdpvs.port.Witness;
import jdpvs.stack.Device;
import jdpvs.stack.Ipv6Counters;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.Test;

/** One worker driven cycle by cycle between a device with VLANs and one without; its packet path sends each frame on by a device that the test chose. */
class VlanTest {
    private static final Device TRUNK = new Device(0, "dpdk0", 0x0200_0000_0101L, 1500, false);
    private static final Device PLAIN = new Device(1, "dpdk1", 0x0200_0000_0201L, 1500, false);
    private static final Device V96 = Device.vlan(2, "dpdk0.96", TRUNK, 96);
    private static final Device V229 = Device.vlan(3, "dpdk0.229", TRUNK, 229);

    private final WirePort trunk = new WirePort("dpdk0", TRUNK.macAddress(), 1);
    private final WirePort plain = new WirePort("dpdk1", PLAIN.macAddress(), 1);
    private final LinkFlags links = new LinkFlags(2);
    private final DropCounters drops = new DropCounters();
    private final Ipv6Counters ipv6 = new Ipv6Counters();
    private final HandoverRings rings = new HandoverRings(1);
    private final WorkerEgress egress =
            new WorkerEgress(Arena.global(), List.of(trunk.queue(0), plain.queue(0)), links, drops, ipv6, 8);
    private final HandoverPost post = new HandoverPost(0, rings, drops, ipv6);
    private final Snapshot first = snapshot(NetworkConfiguration.of(List.of(TRUNK, PLAIN)));
    private final WorkerContext context = new WorkerContext(0, 1, egress, post, drops, first.network());
    /** Device and first byte of the payload of each frame, a word for each call. */
    private final List<String> processed = new ArrayList<>();

    private int way;

    private final PacketPath path = new PacketPath() {
        @Override
        public void adopt(Snapshot snapshot) {
            // The network is the context's.
        }

        @Override
        public void process(int device, Burst burst, boolean now) {
            StringBuilder word = new StringBuilder().append(device).append(':');
            for (int i = 0; i < burst.count; i++) {
                word.append((char) Memory.getByte(burst.address[i] + Ethernet.LENGTH + 28));
                egress.send(way, burst.address[i], burst.length[i]);
            }
            if (burst.count > 0) {
                processed.add(word.toString());
            }
        }

        @Override
        public void learn(int device, long high, long low, long macAddress) {}

        @Override
        public void tick() {}
    };

    private final Worker worker = new Worker(
            "cpu1",
            -1,
            context,
            egress,
            post,
            rings.alarm(0),
            path,
            new EventLog(),
            List.of(new Worker.Input(0, trunk.queue(0)), new Worker.Input(1, plain.queue(0))),
            first);

    private static Snapshot snapshot(NetworkConfiguration network) {
        return new Snapshot(network, ServiceConfiguration.EMPTY, Timeouts.DEFAULT);
    }

    private void publish(Device... vlans) throws Exception {
        var editor = first.network().edit();
        for (Device vlan : vlans) {
            editor.addVlan(vlan);
            links.set(vlan.id(), true);
        }
        links.set(0, true);
        links.set(1, true);
        worker.publish(snapshot(editor.build()));
    }

    private static byte[] frame(char mark) {
        byte[] frame = PacketBuilder.udp(1, 2, 3, 4).payload(60).toBytes();
        frame[Ethernet.LENGTH + 28] = (byte) mark;
        return frame;
    }

    private static byte[] tagged(int id, byte[] frame) {
        return ByteBuffer.allocate(frame.length + 4)
                .put(frame, 0, 12)
                .putShort((short) 0x8100)
                .putShort((short) id)
                .put(frame, 12, frame.length - 12)
                .array();
    }

    @Test
    void framesGoToTheirDevicesInOrder() throws Exception {
        publish(V96, V229);
        way = PLAIN.id();
        trunk.receive(0, tagged(229, frame('a')));
        trunk.receive(0, frame('b'));
        trunk.receive(0, tagged(96, frame('c')));
        trunk.receive(0, tagged(229, frame('d')));
        // The priority is nobody's business.
        trunk.receive(0, tagged(0xe000 | 96, frame('e')));
        trunk.receive(0, frame('f'));
        worker.doWork();
        assertThat(processed).containsExactly("3:ad", "0:bf", "2:ce");
        for (char mark : "adbfce".toCharArray()) {
            assertThat(plain.nextSent()).isEqualTo(frame(mark));
        }
        assertThat(worker.vlanCounters(V96.id())).isEqualTo(new PortCounters(2, 204, 0, 0, 0, 0, 0, 0));
        assertThat(worker.vlanCounters(V229.id()).receivedPackets()).isEqualTo(2);
    }

    @Test
    void aTagThatIsNobodysStays() throws Exception {
        publish(V96);
        way = PLAIN.id();
        byte[] unknown = tagged(229, frame('x'));
        byte[] cut = Arrays.copyOf(tagged(96, frame('x')), 16);
        byte[] otherDevice = tagged(96, frame('x'));
        trunk.receive(0, unknown);
        trunk.receive(0, cut);
        plain.receive(0, otherDevice);
        worker.doWork();
        for (byte[] frame : List.of(unknown, cut, otherDevice)) {
            assertThat(plain.nextSent()).isEqualTo(frame);
        }
        assertThat(worker.vlanCounters(V96.id())).isEqualTo(PortCounters.ZERO);
    }

    @Test
    void aFullBurstOfManyVlansLosesNothing() throws Exception {
        Device[] vlans = new Device[Burst.CAPACITY];
        for (int i = 0; i < vlans.length; i++) {
            vlans[i] = Device.vlan(2 + i, "v" + i, TRUNK, i + 1);
        }
        publish(vlans);
        way = PLAIN.id();
        for (int i = 0; i < vlans.length; i++) {
            trunk.receive(0, tagged(i + 1, frame((char) ('0' + i))));
        }
        worker.doWork();
        assertThat(processed).hasSize(vlans.length);
        for (int i = 0; i < vlans.length; i++) {
            assertThat(processed.get(i)).isEqualTo(2 + i + ":" + (char) ('0' + i));
            assertThat(plain.nextSent()).isEqualTo(frame((char) ('0' + i)));
        }
    }

    @Test
    void whatLeavesByAVlanDeviceGetsItsTagAndStaysInOrder() throws Exception {
        publish(V96, V229);
        List<String> seen = new ArrayList<>();
        worker.copy(new Copies(seen));
        way = V229.id();
        plain.receive(0, frame('a'));
        worker.doWork();
        way = TRUNK.id();
        plain.receive(0, frame('b'));
        worker.doWork();
        way = V96.id();
        plain.receive(0, frame('c'));
        worker.doWork();
        assertThat(trunk.nextSent()).isEqualTo(tagged(229, frame('a')));
        assertThat(trunk.nextSent()).isEqualTo(frame('b'));
        assertThat(trunk.nextSent()).isEqualTo(tagged(96, frame('c')));
        assertThat(worker.vlanCounters(V96.id())).isEqualTo(new PortCounters(0, 0, 1, 102, 0, 0, 0, 0));
        assertThat(seen).as("what the kernel sees of the link").containsExactly("0 106", "0 102", "0 106");
    }

    /** As long as its link is down, and when it was deleted while frames were on their way. */
    @Test
    void whatCannotLeaveIsCounted() throws Exception {
        publish(V96);
        way = V96.id();
        links.set(V96.id(), false);
        plain.receive(0, frame('a'));
        worker.doWork();
        assertThat(drops.get(DropReason.LINK_DOWN)).isEqualTo(1);
        publish();
        links.set(V96.id(), true);
        plain.receive(0, frame('b'));
        worker.doWork();
        assertThat(drops.get(DropReason.LINK_DOWN)).isEqualTo(2);
    }

    @Test
    void aDeletedVlansFramesAreItsLinksAgain() throws Exception {
        publish(V96);
        way = PLAIN.id();
        trunk.receive(0, tagged(96, frame('a')));
        worker.doWork();
        publish();
        trunk.receive(0, tagged(96, frame('b')));
        worker.doWork();
        assertThat(plain.nextSent()).isEqualTo(frame('a'));
        assertThat(plain.nextSent()).isEqualTo(tagged(96, frame('b')));
    }

    private record Copies(List<String> seen) implements Witness {
        @Override
        public void received(int device, Burst burst) {}

        @Override
        public void step(Step step, long first, long second, long third) {}

        @Override
        public void dropped(DropReason reason) {}

        @Override
        public void sent(int device, long frame, int length) {
            seen.add(device + " " + length);
        }
    }
}

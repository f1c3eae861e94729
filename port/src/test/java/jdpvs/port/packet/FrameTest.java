package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import jdpvs.linux.PollSet;
import jdpvs.linux.lab.Lab;
import jdpvs.port.Burst;
import jdpvs.port.FlowHash;
import jdpvs.port.FrameBuffers;
import jdpvs.port.Port;
import jdpvs.port.PortOptions;
import jdpvs.port.Ports;
import jdpvs.port.memory.Frame;
import jdpvs.port.memory.Steering;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Frame by frame between two ports of ours over a veth pair. */
class FrameTest {
    private static final int A = Packets.ip("10.9.0.1");
    private static final int B = Packets.ip("10.9.0.2");
    private static final int LOCAL = Packets.ip("10.9.0.3");

    private static Lab lab;
    private static String here;
    private static String there;

    @BeforeAll
    static void connect() {
        lab = new Lab();
        here = lab.host("here");
        there = lab.host("there");
        Lab.link(here, "eth0", there, "eth0");
    }

    @AfterAll
    static void disconnect() {
        lab.close();
    }

    @Test
    void aFrameArrivesAsItWasSent() throws Exception {
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "exclusive", 1, 64)) {
            byte[] bytes = Packets.udp(to.macAddress(), from.macAddress(), A, B, 1000, 2000, 100);
            send(from, List.of(Frame.plain(bytes)));
            assertThat(await(to, 0, 1))
                    .singleElement()
                    .satisfies(f -> assertThat(f.bytes()).isEqualTo(bytes));
            assertThat(from.queue(0).receive(new Burst())).as("our own frame").isZero();
            assertThat(from.counters().sentPackets()).isEqualTo(1);
            assertThat(from.counters().sentBytes()).isEqualTo(bytes.length);
            assertThat(to.counters().receivedBytes()).isEqualTo(bytes.length);
        }
    }

    @Test
    void whatAPortWithTwoQueuesSendsDoesNotComeBack() throws Exception {
        try (Port from = open(here, "exclusive", 2, 64);
                Port to = open(there, "exclusive", 1, 64)) {
            List<Frame> frames = new ArrayList<>();
            for (int port = 1; port <= 16; port++) {
                frames.add(Frame.plain(udp(from, to, A, port, B, 80)));
            }
            send(from, frames);
            assertThat(await(to, 0, 16)).hasSize(16);
            assertThat(await(from, 0, 0)).isEmpty();
            assertThat(await(from, 1, 0)).isEmpty();
            assertThat(from.counters().receivedPackets()).isZero();
        }
    }

    @Test
    void aVlanTagIsPutBack() throws Exception {
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "exclusive", 1, 64);
                Port shared = open(there, "share", 1, 64)) {
            shared.own(Packets.owned(Set.of(B), Set.of(), 0));
            byte[] plain = Packets.udp(to.macAddress(), from.macAddress(), A, B, 1000, 2000, 100);
            byte[] tagged = ByteBuffer.allocate(plain.length + 4)
                    .put(plain, 0, 12)
                    .putInt(0x8100_2064)
                    .put(plain, 12, plain.length - 12)
                    .array();
            // A partial checksum, whose place moves with the tag: kernels give it that way.
            send(from, List.of(Frame.plain(tagged)));
            assertThat(await(to, 0, 1))
                    .singleElement()
                    .satisfies(f -> assertThat(f.bytes()).isEqualTo(tagged));
            assertThat(shared.queue(0).receive(new Burst()))
                    .as("tagged frames in share mode")
                    .isZero();
        }
    }

    /** IEEE 802.1p: the frame belongs to the network of untagged ones. */
    @Test
    void aTagThatNamesNoVlanIsTakenOff() throws Exception {
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "exclusive", 1, 64);
                Port shared = open(there, "share", 1, 64)) {
            shared.own(Packets.owned(Set.of(B), Set.of(), 0));
            byte[] plain = Packets.udp(to.macAddress(), from.macAddress(), A, B, 1000, 2000, 100);
            byte[] tagged = ByteBuffer.allocate(plain.length + 4)
                    .put(plain, 0, 12)
                    .putInt(0x8100_e000)
                    .put(plain, 12, plain.length - 12)
                    .array();
            send(from, List.of(Frame.plain(tagged)));
            assertThat(await(to, 0, 1))
                    .singleElement()
                    .satisfies(f -> assertThat(f.bytes()).isEqualTo(plain));
            assertThat(await(shared, 0, 1))
                    .as("in share mode")
                    .singleElement()
                    .satisfies(f -> assertThat(f.bytes()).isEqualTo(plain));
        }
    }

    @Test
    void aLongSegmentWithAPartialChecksumArrivesWhole() throws Exception {
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "exclusive", 1, 64)) {
            byte[] bytes = tcp(to.macAddress(), from.macAddress(), 65_400);
            byte[] header = segmentHeader(54, 34);
            send(from, List.of(new Frame(header, bytes)));
            assertThat(await(to, 0, 1)).singleElement().satisfies(f -> {
                assertThat(f.bytes()).isEqualTo(bytes);
                assertThat(f.header()).isEqualTo(header);
            });
        }
    }

    /** As a VLAN device sends it; the first kernel hands it over as it is, the second has to cut it and to put checksums in. */
    @Test
    void aLongSegmentWithATagLeavesWholeAndIsCutRight() throws Exception {
        String one = lab.host("one");
        String other = lab.host("other");
        Lab.link(one, "eth0", other, "eth0");
        try (Port from = open(one, "exclusive", 1, 64);
                Port to = open(other, "exclusive", 1, 64)) {
            byte[] plain = tcp(to.macAddress(), from.macAddress(), 64_000);
            byte[] tagged = ByteBuffer.allocate(plain.length + 4)
                    .put(plain, 0, 12)
                    .putInt(0x8100_0066)
                    .put(plain, 12, plain.length - 12)
                    .array();
            byte[] header = segmentHeader(58, 38);
            send(from, List.of(new Frame(header, tagged)));
            assertThat(await(to, 0, 1)).singleElement().satisfies(f -> {
                assertThat(f.bytes()).isEqualTo(tagged);
                assertThat(f.header()).isEqualTo(header);
            });
            Lab.run("ip netns exec " + one + " ethtool -K eth0 tx off tso off");
            send(from, List.of(new Frame(header, tagged)));
            List<Frame> segments = await(to, 0, 44);
            assertThat(segments).hasSize(44);
            int at = 58;
            for (Frame segment : segments) {
                ByteBuffer bytes = ByteBuffer.wrap(segment.bytes());
                int payload = bytes.capacity() - 58;
                assertThat(bytes.getInt(12)).as("tag").isEqualTo(0x8100_0066);
                assertThat(payload).isBetween(1, 1460);
                assertThat(bytes.getInt(42)).as("sequence number").isEqualTo(1 + at - 58);
                assertThat(Packets.sum(segment.bytes(), 18, 38))
                        .as("IP checksum")
                        .isEqualTo(0xffff);
                assertThat(Packets.fold(Packets.sum(segment.bytes(), 30, bytes.capacity()) + 6 + 20 + payload))
                        .as("TCP checksum")
                        .isEqualTo(0xffff);
                assertThat(Arrays.mismatch(segment.bytes(), 58, bytes.capacity(), tagged, at, at + payload))
                        .isEqualTo(-1);
                at += payload;
            }
            assertThat(at).isEqualTo(tagged.length);
        }
    }

    private static byte[] segmentHeader(int headers, int checksumStart) {
        return ByteBuffer.allocate(VirtioNetHeader.LENGTH)
                .order(ByteOrder.nativeOrder())
                .put((byte) VirtioNetHeader.NEEDS_CHECKSUM)
                .put((byte) VirtioNetHeader.GSO_TCP4)
                .putShort((short) headers)
                .putShort((short) 1460)
                .putShort((short) checksumStart)
                .putShort((short) 16)
                .array();
    }

    @Test
    void aFrameThatTheDeviceRefusesIsCountedAndHarmsNoOther() throws Exception {
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "exclusive", 1, 64)) {
            byte[] good = Packets.udp(to.macAddress(), from.macAddress(), A, B, 1, 2, 10);
            byte[] tooLong = Packets.udp(to.macAddress(), from.macAddress(), A, B, 1, 2, 3000);
            send(from, List.of(Frame.plain(good), Frame.plain(tooLong), Frame.plain(new byte[5]), Frame.plain(good)));
            assertThat(await(to, 0, 2)).hasSize(2);
            assertThat(from.counters().sentPackets()).isEqualTo(2);
            assertThat(from.counters().sentBytes()).isEqualTo(2L * good.length);
            assertThat(from.counters().transmitErrors()).isEqualTo(2);
        }
    }

    @Test
    void framesThatFindTheRingFullAreCountedAsMissed() throws Exception {
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "exclusive", 1, 16)) {
            byte[] bytes = Packets.udp(to.macAddress(), from.macAddress(), A, B, 1, 2, 10);
            for (int i = 0; i < 20; i++) {
                send(from, List.of(Frame.plain(bytes), Frame.plain(bytes), Frame.plain(bytes)));
            }
            int received = 0;
            for (int i = 0; i < 3000 && received + to.counters().receiveMissed() < 60; i++) {
                received += await(to, 0, 0).size();
                sleep();
            }
            assertThat(received).isBetween(15, 59);
            assertThat(to.counters().receiveMissed()).isEqualTo(60 - received);
            assertThat(to.counters().receiveMissed()).as("asked again").isEqualTo(60 - received);
            send(from, List.of(Frame.plain(bytes)));
            assertThat(await(to, 0, 1)).hasSize(1);
        }
    }

    @Test
    void aDownedInterfaceIsSeenAndComesBack() throws Exception {
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "exclusive", 2, 64)) {
            var poll = new PollSet(to.queue(0).pollDescriptors()[0], to.queue(1).pollDescriptors()[0]);
            assertThat(to.link().up()).isTrue();
            assertThat(to.link().speedMegabits()).isEqualTo(10_000);
            assertThat(to.link().fullDuplex()).isTrue();
            Lab.ip(there, "link set eth0 down");
            assertThat(to.link().up()).isFalse();
            awaitLink(from, false);
            poll.await(0);
            assertThat(poll.await(0)).as("the error does not stay").isZero();
            byte[] bytes = Packets.udp(from.macAddress(), to.macAddress(), A, B, 1, 2, 10);
            send(to, List.of(Frame.plain(bytes), Frame.plain(bytes)));
            assertThat(to.counters().transmitErrors()).isEqualTo(2);
            Lab.ip(there, "link set eth0 up");
            awaitLink(to, true);
            to.own(Packets.owned(Set.of(LOCAL), Set.of(LOCAL), 1));
            for (int port = 0; port < 4; port++) {
                send(from, List.of(Frame.plain(udp(from, to, B, 80, LOCAL, port))));
                assertThat(await(to, port & 1, 1))
                        .as("the queues keep their places")
                        .hasSize(1);
            }
        }
    }

    @Test
    void aVanishedInterfaceCostsFramesButNoWorker() throws Exception {
        String gone = lab.host("gone");
        Lab.link(gone, "eth0", gone, "eth1");
        Port port = open(gone, "share", 2, 64);
        Lab.ip(gone, "link del eth0");
        assertThat(port.link().up()).isFalse();
        send(port, List.of(Frame.plain(new byte[60]), Frame.plain(new byte[60])));
        assertThat(port.counters().transmitErrors()).isEqualTo(2);
        assertThat(await(port, 1, 0)).isEmpty();
        port.own(Packets.owned(Set.of(B), Set.of(), 1));
        port.close();
        port.close();
    }

    @Test
    void moreAddressesThanFitAreRefusedAndThoseThereStay() throws Exception {
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "share", 1, 64)) {
            to.own(Packets.owned(Set.of(B), Set.of(), 0));
            Set<Integer> many = new HashSet<>();
            for (int i = 0; i <= AddressMap.CAPACITY; i++) {
                many.add(i);
            }
            assertThatThrownBy(() -> to.own(Packets.owned(many, Set.of(), 0))).hasMessageContaining("65536");
            send(from, List.of(Frame.plain(udp(from, to, A, 1, B, 2))));
            assertThat(await(to, 0, 1)).hasSize(1);
            many.remove(0);
            to.own(Packets.owned(many, Set.of(), 0));
            send(from, List.of(Frame.plain(udp(from, to, A, 1, B, 2)), Frame.plain(udp(from, to, A, 1, 7, 2))));
            assertThat(await(to, 0, 1))
                    .singleElement()
                    .satisfies(f -> assertThat(f.bytes()[33]).isEqualTo((byte) 7));
        }
    }

    @Test
    void framesAreSteeredByTheLocalPortOrAStableHash() throws Exception {
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "share", 2, 256)) {
            to.own(Packets.owned(Set.of(B, LOCAL), Set.of(LOCAL), 1));
            for (int port = 5000; port < 5032; port++) {
                send(from, List.of(Frame.plain(udp(from, to, B, 80, LOCAL, port))));
                assertThat(await(to, port & 1, 1)).as("port %d", port).hasSize(1);
                assertThat(await(to, ~port & 1, 0)).isEmpty();
            }
            Map<Integer, Set<Integer>> queuesOfFlow = new HashMap<>();
            for (int round = 0; round < 2; round++) {
                for (int port = 40_000; port < 40_032; port++) {
                    boolean back = round == 1;
                    send(
                            from,
                            List.of(Frame.plain(back ? udp(from, to, B, 80, B, port) : udp(from, to, B, port, B, 80))));
                    int first = await(to, 0, 0).size();
                    int second = first == 1 ? 0 : awaitEither(to);
                    queuesOfFlow.computeIfAbsent(port, p -> new HashSet<>()).add(first == 1 ? 0 : second);
                }
            }
            assertThat(queuesOfFlow.values())
                    .allSatisfy(queues -> assertThat(queues).hasSize(1));
            Set<Integer> used = new TreeSet<>();
            queuesOfFlow.values().forEach(used::addAll);
            assertThat(used).containsExactly(0, 1);
        }
    }

    /** Flows and fragments go where {@link FlowHash} says, for a worker hands datagrams over by it; so the kernel's program and ours are one. */
    @Test
    void theKernelSteersAsFlowHashSays() throws Exception {
        int queues = 3;
        try (Port from = open(here, "exclusive", 1, 64);
                Port to = open(there, "share", queues, 64);
                var buffers = new FrameBuffers(1, 2048)) {
            var owned = Packets.owned(Set.of(B), Set.of(), 3);
            to.own(owned);
            var random = new Random(5);
            Set<Integer> used = new TreeSet<>();
            for (int i = 0; i < 60; i++) {
                boolean fragment = i % 2 == 0;
                byte[] bytes = udp(
                        from,
                        to,
                        (random.nextInt() & 0x3fffffff) | 1 << 24,
                        random.nextInt(65_536),
                        B,
                        random.nextInt(65_536));
                if (fragment) {
                    ByteBuffer.wrap(bytes)
                            .putShort(18, (short) random.nextInt())
                            .putShort(20, (short) (i % 4 == 0 ? 0x2000 : 0x0010));
                }
                long frame = buffers.address(0);
                int length = Frame.plain(bytes).write(frame);
                int expected = fragment
                        ? FlowHash.ofFragment(frame + 14, queues)
                        : FlowHash.ofFlow(frame + 14, frame + 34, queues);
                assertThat(Steering.BY_OWNER.queue(frame, length, owned, queues))
                        .isEqualTo(expected);
                send(from, List.of(Frame.plain(bytes)));
                assertThat(await(to, expected, 1))
                        .as("frame %d at queue %d", i, expected)
                        .hasSize(1);
                used.add(expected);
            }
            assertThat(used).containsExactly(0, 1, 2);
        }
    }

    /** The kernel tells of a lost or found carrier a moment later. */
    private static void awaitLink(Port port, boolean up) {
        for (int i = 0; i < 3000 && port.link().up() != up; i++) {
            sleep();
        }
        assertThat(port.link().up()).isEqualTo(up);
    }

    private static int awaitEither(Port port) {
        for (int i = 0; i < 3000; i++) {
            if (!await(port, 0, 0).isEmpty()) {
                return 0;
            }
            if (!await(port, 1, 0).isEmpty()) {
                return 1;
            }
            sleep();
        }
        throw new AssertionError("the frame did not arrive");
    }

    private static byte[] udp(Port from, Port to, int source, int sourcePort, int destination, int destinationPort) {
        return Packets.udp(to.macAddress(), from.macAddress(), source, destination, sourcePort, destinationPort, 8);
    }

    private static Port open(String namespace, String mode, int queues, int slots) {
        return Lab.in(
                namespace, () -> Ports.open("dpdk0", "packet:eth0," + mode, new PortOptions(queues, slots, false)));
    }

    private static void send(Port port, List<Frame> frames) {
        try (var buffers = new FrameBuffers(frames.size(), 1 << 16)) {
            var burst = new Burst();
            for (int i = 0; i < frames.size(); i++) {
                burst.add(buffers.address(i), frames.get(i).write(buffers.address(i)));
            }
            port.queue(0).transmit(burst);
            assertThat(burst.count).isZero();
        }
    }

    /** What has arrived at a queue, once there are as many as wanted; gives up after some seconds. */
    private static List<Frame> await(Port port, int queue, int wanted) {
        List<Frame> frames = new ArrayList<>();
        var burst = new Burst();
        for (int i = 0; i < 3000; i++) {
            int count = port.queue(queue).receive(burst);
            for (int j = 0; j < count; j++) {
                frames.add(Frame.copyOf(burst.address[j], burst.length[j]));
            }
            port.queue(queue).release();
            if (frames.size() >= wanted) {
                break;
            }
            sleep();
        }
        return frames;
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] tcp(long to, long from, int payload) {
        ByteBuffer b = ByteBuffer.allocate(54 + payload);
        byte[] udp = Packets.udp(to, from, A, B, 1000, 2000, 0);
        b.put(udp, 0, 34);
        b.putShort(16, (short) (40 + payload)).put(23, (byte) 6).putShort(24, (short) 0);
        int sum = 0;
        for (int i = 14; i < 34; i += 2) {
            sum += b.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        b.putShort(24, (short) ~(sum + (sum >>> 16)));
        b.putShort((short) 1000)
                .putShort((short) 2000)
                .putInt(1)
                .putInt(1)
                .putShort((short) 0x5018)
                .putShort((short) 512);
        int pseudo = (A >>> 16) + (A & 0xffff) + (B >>> 16) + (B & 0xffff) + 6 + 20 + payload;
        pseudo = (pseudo & 0xffff) + (pseudo >>> 16);
        b.putShort(50, (short) (pseudo + (pseudo >>> 16)));
        for (int i = 54; i < b.capacity(); i++) {
            b.put(i, (byte) (i * 7));
        }
        return b.array();
    }
}

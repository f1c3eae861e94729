package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import jdpvs.linux.NetworkDevice;
import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.AttachType;
import jdpvs.linux.bpf.Code;
import jdpvs.linux.bpf.Condition;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.Link;
import jdpvs.linux.bpf.Program;
import jdpvs.linux.bpf.Register;
import jdpvs.linux.bpf.Size;
import jdpvs.linux.bpf.SkBuff;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.KernelFrames;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortOptions;
import jdpvs.port.PortQueue;
import jdpvs.port.Ports;
import jdpvs.port.memory.Frame;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of the link a port's control queue has, frame by frame over a veth pair. */
class ControlTest {
    /** Of every frame that a test sends: the kernels at both ends talk too. */
    private static final long SENDER = 0x0200_00aa_bbccL;

    private static final Set<Address> KERNELS =
            Set.of(Address.parse("10.9.0.2"), Address.parse("2001:db8::2"), Address.parse("fe80::2"));
    /** LACP with nothing in it, after the frames in question: what has come when it has come is all that comes. */
    private static final byte[] MARKER = other(0x0180_c200_0002L, 0x8809, 46);

    private Lab lab;
    private String here;
    private String there;

    @BeforeEach
    void connect() {
        lab = new Lab();
        here = lab.namespace("here");
        there = lab.namespace("there");
        lab.link(here, "eth0", there, "eth0");
    }

    @AfterEach
    void disconnect() {
        lab.close();
    }

    private static byte[] frame(String what, long to) {
        String[] words = what.split(" ");
        byte[] frame = switch (words[0]) {
            case "ARP" -> PacketBuilder.arp(Integer.parseInt(words[1]), SENDER, 1, to, 2);
            case "type" -> other(to, Integer.parseInt(words[1], 16), 60);
            case "UDP" ->
                PacketBuilder.udp(from(words[1]), 1, words[1], 2)
                        .macs(to, SENDER)
                        .toBytes();
            default ->
                PacketBuilder.ip(Integer.parseInt(words[0]), Address.parse(from(words[1])), Address.parse(words[1]))
                        .payload(20)
                        .macs(to, SENDER)
                        .toBytes();
        };
        return frame;
    }

    private static String from(String to) {
        return to.contains(":") ? "2001:db8::1" : "10.9.0.1";
    }

    @ParameterizedTest
    @CsvSource({
        "type 8809, true", // LACP
        "type 88cc, true", // LLDP
        "type 0026, true", // a length: STP in LLC
        "ARP 1, true",
        "ARP 2, true",
        "89 10.9.0.77, true", // OSPF
        "89 224.0.0.5, true",
        "112 224.0.0.18, true", // VRRP
        "112 10.9.0.77, true",
        "2 224.0.0.22, true", // IGMP
        "UDP 224.0.0.251, true",
        "UDP 224.0.1.1, false",
        "UDP 239.1.2.3, false",
        "112 239.1.2.3, true",
        "UDP 10.9.0.2, true",
        "UDP 10.9.0.3, false",
        "6 10.9.0.2, true",
        "6 10.9.0.3, false",
        "58 ff02::1, true",
        "UDP ff02::fb, true",
        "UDP ff05::1, false",
        "89 fe80::77, true",
        "112 2001:db8::77, true",
        "UDP 2001:db8::2, true",
        "UDP 2001:db8::3, false",
        "58 fe80::2, true",
        "58 fe80::3, false",
    })
    void everyRowOfTheRule(String what, boolean control) {
        try (Port from = open(here, "exclusive", 1, false);
                Port to = open(there, "exclusive", 2, true)) {
            to.kernelOwns(KERNELS);
            byte[] frame = frame(what, to.macAddress());
            List<byte[]> sent = List.of(frame, tagged(frame, 0x8100), tagged(frame, 0x88a8));
            send(from.queue(0), sent);
            assertThat(atControl(to, from)).containsExactlyElementsOf(hex(control ? sent : List.of()));
            assertThat(atWorkers(to)).as("the workers get it all the same").containsAll(hex(sent));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"share", "exclusive"})
    void theFilterAgreesWithTheRule(String mode) {
        var random = new Random(2606);
        int taken = 0;
        int left = 0;
        try (Port from = open(here, "exclusive", 1, false);
                Port to = open(there, mode, 2, true);
                var buffers = new FrameBuffers(1, 2048)) {
            to.kernelOwns(KERNELS);
            to.own(new OwnedAddresses(Set.of(Address.parse("10.9.0.3")), Set.of(), 1));
            for (int round = 0; round < 60; round++) {
                List<byte[]> sent = new ArrayList<>();
                List<byte[]> expected = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    byte[] frame = random(random, to.macAddress());
                    byte[] onWire = random.nextInt(3) > 0 || frame.length < Ethernet.LENGTH + 2
                            ? frame
                            : tagged(frame, random.nextBoolean() ? 0x8100 : 0x88a8);
                    sent.add(onWire);
                    Frame.plain(frame).write(buffers.address(0));
                    if (KernelFrames.isControl(buffers.address(0), frame.length, KERNELS)) {
                        expected.add(onWire);
                    }
                }
                send(from.queue(0), sent);
                assertThat(atControl(to, from)).containsExactlyElementsOf(hex(expected));
                atWorkers(to);
                taken += expected.size();
                left += sent.size() - expected.size();
            }
        }
        assertThat(taken).isGreaterThan(500);
        assertThat(left).isGreaterThan(500);
    }

    private static byte[] random(Random random, long to) {
        String[] addresses = {
            "10.9.0.2", "10.9.0.3", "10.9.1.2", "224.0.0.1", "224.0.0.255", "224.0.1.0", "225.0.0.1", "239.0.0.5",
            "2001:db8::2", "2001:db8::3", "2001:db8:1::2", "fe80::2", "fe80::3", "ff02::1", "ff02::1:ff00:2", "ff03::1",
            "ff12::1", "::2"
        };
        int[] protocols = {1, 2, 6, 17, 58, 88, 89, 90, 111, 112, 113, 0, 44};
        long[] macs = {to, Ethernet.BROADCAST, 0x0100_5e00_0001L, 0x0200_0000_9999L};
        long mac = macs[random.nextInt(macs.length)];
        byte[] frame = switch (random.nextInt(8)) {
            case 0 -> other(mac, random.nextInt(0x10000), 60);
            case 1 -> frame("ARP " + (1 + random.nextInt(2)), mac);
            default ->
                frame(
                        protocols[random.nextInt(protocols.length)] + " " + addresses[random.nextInt(addresses.length)],
                        mac);
        };
        if (random.nextInt(8) == 0) {
            frame = Arrays.copyOf(frame, Ethernet.LENGTH + random.nextInt(frame.length - Ethernet.LENGTH));
        }
        int type = ByteBuffer.wrap(frame).getShort(12) & 0xffff;
        if (type == 0x8100 || type == 0x88a8) {
            // What looks like a tag is one, and stands behind no other.
            ByteBuffer.wrap(frame).putShort(12, (short) 0x8101);
        }
        return frame;
    }

    @Test
    void inShareModeTheWorkersKeepWhatIsOwned() {
        try (Port from = open(here, "exclusive", 1, false);
                Port to = open(there, "share", 1, true)) {
            to.own(new OwnedAddresses(Set.of(Address.parse("10.9.0.3")), Set.of(), 0));
            to.kernelOwns(KERNELS);
            byte[] owned = frame("UDP 10.9.0.3", to.macAddress());
            byte[] kernels = frame("UDP 10.9.0.2", to.macAddress());
            byte[] arp = frame("ARP 1", to.macAddress());
            send(from.queue(0), List.of(owned, kernels, arp));
            assertThat(atControl(to, from)).containsExactlyElementsOf(hex(List.of(kernels, arp)));
            assertThat(atWorkers(to)).containsExactlyElementsOf(hex(List.of(owned, arp)));
        }
    }

    @Test
    void theKernelsAddressesChange() {
        try (Port from = open(here, "exclusive", 1, false);
                Port to = open(there, "exclusive", 1, true)) {
            byte[] frame = frame("UDP 10.9.0.2", to.macAddress());
            for (boolean owned : new boolean[] {false, true, false}) {
                to.kernelOwns(owned ? KERNELS : Set.of());
                send(from.queue(0), List.of(frame));
                assertThat(atControl(to, from)).hasSize(owned ? 1 : 0);
            }
        }
    }

    @Test
    void whatAPortSendsItselfDoesNotComeBack() {
        try (Port from = open(here, "exclusive", 1, false);
                Port to = open(there, "exclusive", 2, true)) {
            byte[] frame = frame("type 88cc", from.macAddress());
            send(control(to), List.of(frame));
            send(to.queue(1), List.of(frame));
            assertThat(atControl(to, from)).isEmpty();
            assertThat(atWorkers(to)).containsExactlyElementsOf(hex(List.of(MARKER)));
            assertThat(atWorkers(from)).containsExactlyElementsOf(hex(List.of(frame, frame)));
            assertThat(to.counters().sentPackets()).isEqualTo(2);
            assertThat(control(to).counters().sentPackets()).isEqualTo(1);
        }
    }

    /** Nothing else leaves the interface here than what has the priority of the link's control (linux/pkt_sched.h TC_PRIO_CONTROL). */
    @Test
    void whatTheControlQueueSendsGoesFirst() {
        var other = new Label("other");
        Code code = new Assembler()
                .load(Size.WORD, Register.R2, Register.R1, SkBuff.PRIORITY)
                .jumpIf(Register.R2, Condition.NOT_EQUAL, 7, other)
                .exit(Link.TCX_NEXT)
                .bind(other)
                .exit(Link.TCX_DROP)
                .assemble();
        try (Port from = open(here, "exclusive", 1, true);
                Port to = open(there, "exclusive", 1, true);
                Program program = Program.load(Program.Type.SCHED_CLS, "jdpvs_first", code, AttachType.TCX_EGRESS)) {
            Link link = Lab.in(there, () -> {
                try (var device = NetworkDevice.find("eth0").orElseThrow()) {
                    return Link.toInterface(program, device.index(), AttachType.TCX_EGRESS, 0);
                }
            });
            byte[] last = frame("type 88cc", 0x0180_c200_000eL);
            byte[] first = frame("type 8809", 0x0180_c200_0002L);
            send(to.queue(0), List.of(last));
            send(control(to), List.of(first, MARKER));
            assertThat(awaitMarker(from)).containsExactlyElementsOf(hex(List.of(first)));
            link.close();
            send(to.queue(0), List.of(last, MARKER));
            assertThat(awaitMarker(from)).containsExactlyElementsOf(hex(List.of(last)));
        }
    }

    @Test
    void allMulticastComesAndGoesWithTheQueueAndNothingIsLeft() {
        try (Port without = open(there, "exclusive", 1, false)) {
            assertThat(without.control()).isNull();
            without.kernelOwns(KERNELS);
            assertThat(state()).contains(" allmulti 0 ");
        }
        try (Port with = open(there, "share", 2, true)) {
            assertThat(state()).contains(" allmulti 1 ", "promiscuity 0 ");
            assertThat(with.queueCount()).isEqualTo(2);
            assertThat(control(with).pollDescriptors()).hasSize(1);
        }
        assertThat(state()).contains(" allmulti 0 ", "promiscuity 0 ");
        assertThat(Lab.run("ip netns exec " + there + " cat /proc/net/packet").lines())
                .as("packet sockets, below a heading")
                .hasSize(1);
        assertThat(Lab.in(there, () -> {
                    try (var device = NetworkDevice.find("eth0").orElseThrow()) {
                        return Link.countAttached(device.index(), AttachType.TCX_INGRESS);
                    }
                }))
                .isZero();
    }

    private String state() {
        return Lab.run("ip -n " + there + " -d link show eth0");
    }

    private static PortQueue control(Port port) {
        return Objects.requireNonNull(port.control());
    }

    private static Port open(String namespace, String mode, int queues, boolean control) {
        return Lab.in(
                namespace,
                () -> Ports.open("dpdk0", "packet:eth0," + mode, new PortOptions(queues, 256, false, control)));
    }

    private static void send(PortQueue queue, List<byte[]> frames) {
        try (var buffers = new FrameBuffers(frames.size(), 2048)) {
            var burst = new Burst();
            for (int i = 0; i < frames.size(); i++) {
                burst.add(buffers.address(i), Frame.plain(frames.get(i)).write(buffers.address(i)));
            }
            queue.transmit(burst);
        }
    }

    /** What the control queue has got by now, in order. */
    private static List<String> atControl(Port to, Port from) {
        send(from.queue(0), List.of(MARKER));
        return awaitMarker(to);
    }

    private static List<String> awaitMarker(Port to) {
        String end = HexFormat.of().formatHex(MARKER);
        List<String> frames = new ArrayList<>();
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!frames.contains(end)) {
            assertThat(System.nanoTime())
                    .as("the marker came within five seconds")
                    .isLessThan(deadline);
            take(control(to), frames);
        }
        frames.removeLast();
        return frames;
    }

    /** What the workers' queues have got by now. */
    private static List<String> atWorkers(Port port) {
        List<String> frames = new ArrayList<>();
        for (int queue = 0; queue < port.queueCount(); queue++) {
            take(port.queue(queue), frames);
        }
        return frames;
    }

    private static void take(PortQueue queue, List<String> frames) {
        var burst = new Burst();
        while (queue.receive(burst) > 0) {
            for (int i = 0; i < burst.count; i++) {
                if (Ethernet.source(burst.address[i]) == SENDER) {
                    byte[] bytes =
                            Frame.copyOf(burst.address[i], burst.length[i]).bytes();
                    frames.add(HexFormat.of().formatHex(bytes));
                }
            }
            queue.release();
        }
    }

    private static List<String> hex(List<byte[]> frames) {
        return frames.stream().map(HexFormat.of()::formatHex).toList();
    }

    private static byte[] other(long to, int type, int payload) {
        ByteBuffer frame = ByteBuffer.allocate(Ethernet.LENGTH + payload);
        Packets.ethernet(frame, to, SENDER, type);
        return frame.array();
    }

    private static byte[] tagged(byte[] frame, int type) {
        return ByteBuffer.allocate(frame.length + 4)
                .put(frame, 0, 12)
                .putShort((short) type)
                .putShort((short) 0x2064)
                .put(frame, 12, frame.length - 12)
                .array();
    }
}

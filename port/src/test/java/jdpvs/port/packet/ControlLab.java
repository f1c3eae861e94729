package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jdpvs.linux.lab.Lab;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.Port;
import jdpvs.port.PortOptions;
import jdpvs.port.PortQueue;
import jdpvs.port.Ports;
import jdpvs.port.memory.Frame;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.slow.SlowProtocol;

/** Two namespaces, a link between them, and what the tests of control queues send and look at. */
final class ControlLab implements AutoCloseable {
    /** Of every frame that a test sends: the kernels at both ends talk too. */
    static final long SENDER = 0x0200_00aa_bbccL;

    static final Set<Address> KERNELS =
            Set.of(Address.parse("10.9.0.2"), Address.parse("2001:db8::2"), Address.parse("fe80::2"));

    /** LLDP with nothing in it, after the frames in question: what has come when it has come is all that comes. */
    static final byte[] MARKER = other(0x0180_c200_000eL, 0x88cc, 46);

    private final Lab lab = new Lab();
    final String here = lab.host("here");
    final String there = lab.host("there");

    ControlLab() {
        connect();
    }

    /** Makes the link; anew where it was removed. */
    void connect() {
        Lab.link(here, "eth0", there, "eth0");
    }

    @Override
    public void close() {
        lab.close();
    }

    /**
     * A frame in words: {@code LACP}, {@code ARP OPERATION}, {@code type HEX}, {@code UDP ADDRESS [PORT PORT]}, {@code TCP ADDRESS PORT PORT}, {@code ND TYPE ADDRESS HOPS},
     * {@code FRAGMENT ADDRESS} of a segment to port 179, {@code PROTOCOL ADDRESS}.
     */
    static byte[] frame(String what, long to) {
        String[] words = what.split(" ");
        byte[] frame = switch (words[0]) {
            case "ARP" -> PacketBuilder.arp(Integer.parseInt(words[1]), SENDER, 1, to, 2);
            case "type" -> other(to, Integer.parseInt(words[1], 16), 60);
            case "LACP" -> other(SlowProtocol.DESTINATION, SlowProtocol.TYPE, SlowProtocol.PDU_LENGTH);
            case "UDP" ->
                PacketBuilder.udp(from(words[1]), port(words, 2), words[1], port(words, 3))
                        .macs(to, SENDER)
                        .toBytes();
            case "TCP" ->
                PacketBuilder.tcp(from(words[1]), port(words, 2), words[1], port(words, 3))
                        .macs(to, SENDER)
                        .toBytes();
            case "ND" ->
                ip(58, words[2])
                        .payload(new byte[] {(byte) Integer.parseInt(words[1]), 0, 0, 0})
                        .ttl(Integer.parseInt(words[3]))
                        .macs(to, SENDER)
                        .toBytes();
            case "FRAGMENT" ->
                ip(6, words[1])
                        .payload(new byte[] {0, 1, 0, (byte) 179, 0, 0, 0, 0})
                        .fragment(0x2000)
                        .macs(to, SENDER)
                        .toBytes();
            default ->
                ip(Integer.parseInt(words[0]), words[1])
                        .payload(20)
                        .macs(to, SENDER)
                        .toBytes();
        };
        return frame;
    }

    static PacketBuilder ip(int protocol, String to) {
        return PacketBuilder.ip(protocol, Address.parse(from(to)), Address.parse(to));
    }

    private static int port(String[] words, int at) {
        return words.length > at ? Integer.parseInt(words[at]) : at;
    }

    static String from(String to) {
        return to.contains(":") ? "2001:db8::1" : "10.9.0.1";
    }

    static PortQueue control(Port port) {
        return Objects.requireNonNull(port.control());
    }

    static Port open(String namespace, String mode, int queues, boolean control) {
        return Lab.in(
                namespace,
                () -> Ports.open("dpdk0", "packet:eth0," + mode, new PortOptions(queues, 256, false, control)));
    }

    static void send(PortQueue queue, List<byte[]> frames) {
        int longest = frames.stream().mapToInt(frame -> frame.length).max().orElse(0);
        try (var buffers = new FrameBuffers(frames.size(), longest + 64)) {
            var burst = new Burst();
            for (int i = 0; i < frames.size(); i++) {
                burst.add(buffers.address(i), Frame.plain(frames.get(i)).write(buffers.address(i)));
            }
            queue.transmit(burst);
        }
    }

    /** Frames that the filter of the control queue has let in, by share; what has none is left out. */
    static Map<ControlShare, Long> letIn(Port port) {
        var shares = ((ControlQueue) control(port)).shares();
        Map<ControlShare, Long> counts = new EnumMap<>(ControlShare.class);
        for (ControlShare share : ControlShare.values()) {
            if (share != ControlShare.NONE) {
                counts.put(share, shares.letIn(share));
            }
        }
        return counts;
    }

    /** What the control queue has got by now, in order. */
    static List<String> atControl(Port to, Port from) {
        send(from.queue(0), List.of(MARKER));
        return awaitMarker(to);
    }

    static List<String> awaitMarker(Port to) {
        String end = HexFormat.of().formatHex(MARKER);
        List<String> frames = new ArrayList<>();
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!frames.contains(end)) {
            assertThat(System.nanoTime())
                    .as("the marker came within five seconds")
                    .isLessThan(deadline);
            take(control(to), frames);
        }
        frames.remove(end);
        return frames;
    }

    /** What the workers' queues have got by now. */
    static List<String> atWorkers(Port port) {
        List<String> frames = new ArrayList<>();
        for (int queue = 0; queue < port.queueCount(); queue++) {
            take(port.queue(queue), frames);
        }
        return frames;
    }

    static void take(PortQueue queue, List<String> frames) {
        var burst = new Burst();
        while (queue.receive(burst) > 0) {
            add(burst, frames);
            queue.release();
        }
    }

    private static void add(Burst burst, List<String> frames) {
        for (int i = 0; i < burst.count; i++) {
            if (Ethernet.source(burst.address[i]) == SENDER) {
                byte[] bytes = Frame.copyOf(burst.address[i], burst.length[i]).bytes();
                frames.add(HexFormat.of().formatHex(bytes));
            }
        }
    }

    static List<String> hex(List<byte[]> frames) {
        return frames.stream().map(HexFormat.of()::formatHex).toList();
    }

    static byte[] other(long to, int type, int payload) {
        ByteBuffer frame = ByteBuffer.allocate(Ethernet.LENGTH + payload);
        Packets.ethernet(frame, to, SENDER, type);
        return frame.array();
    }

    static byte[] tagged(byte[] frame, int type) {
        return ByteBuffer.allocate(frame.length + 4)
                .put(frame, 0, 12)
                .putShort((short) type)
                .putShort((short) 0x2064)
                .put(frame, 12, frame.length - 12)
                .array();
    }
}

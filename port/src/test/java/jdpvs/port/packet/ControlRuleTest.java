package jdpvs.port.packet;

import static jdpvs.port.packet.ControlLab.KERNELS;
import static jdpvs.port.packet.ControlLab.atControl;
import static jdpvs.port.packet.ControlLab.atWorkers;
import static jdpvs.port.packet.ControlLab.frame;
import static jdpvs.port.packet.ControlLab.hex;
import static jdpvs.port.packet.ControlLab.letIn;
import static jdpvs.port.packet.ControlLab.open;
import static jdpvs.port.packet.ControlLab.other;
import static jdpvs.port.packet.ControlLab.send;
import static jdpvs.port.packet.ControlLab.tagged;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import jdpvs.port.FrameBuffers;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.slow.SlowProtocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which frames a control queue has and in whose share of it, frame by frame over a veth pair, held against {@link ShareRule}. */
class ControlRuleTest {
    private static final String ROWS = """
            SLOW;       LACP
            OTHERS;     type 8809
            OTHERS;     type 88cc
            LINK;       type 0026
            NEIGHBOURS; ARP 1
            NEIGHBOURS; ARP 2
            ROUTING;    89 10.9.0.77
            LINK;       89 224.0.0.5
            LINK;       112 224.0.0.18
            ROUTING;    112 10.9.0.77
            ROUTING;    112 10.9.0.2
            LINK;       2 224.0.0.22
            LINK;       UDP 224.0.0.251
            ROUTING;    112 239.1.2.3
            OTHERS;     UDP 10.9.0.2
            ROUTING;    UDP 10.9.0.2 49152 3784
            ROUTING;    UDP 10.9.0.2 49152 4784
            OTHERS;     UDP 10.9.0.2 3784 49152
            OTHERS;     UDP 10.9.0.2 179 179
            OTHERS;     6 10.9.0.2
            OTHERS;     TCP 10.9.0.2 1024 22
            ROUTING;    TCP 10.9.0.2 1024 179
            ROUTING;    TCP 10.9.0.2 179 1024
            OTHERS;     TCP 10.9.0.2 3784 3784
            OTHERS;     FRAGMENT 10.9.0.2
            NEIGHBOURS; 58 ff02::1
            NEIGHBOURS; ND 135 ff02::1:ff00:2 255
            NEIGHBOURS; ND 136 fe80::2 255
            NEIGHBOURS; ND 133 2001:db8::2 255
            NEIGHBOURS; ND 137 2001:db8::2 255
            OTHERS;     ND 136 fe80::2 254
            OTHERS;     ND 132 fe80::2 255
            OTHERS;     ND 138 fe80::2 255
            LINK;       UDP ff02::fb
            LINK;       89 ff02::5
            LINK;       112 ff02::12
            LINK;       TCP ff02::1 1 179
            ROUTING;    89 fe80::77
            ROUTING;    112 2001:db8::77
            OTHERS;     UDP 2001:db8::2
            ROUTING;    UDP fe80::2 49152 3784
            ROUTING;    TCP 2001:db8::2 1024 179
            ROUTING;    TCP 2001:db8::2 179 1024
            OTHERS;     58 fe80::2
            NONE;       UDP 224.0.1.1
            NONE;       UDP 239.1.2.3
            NONE;       UDP 10.9.0.3
            NONE;       6 10.9.0.3
            NONE;       TCP 10.9.0.3 1024 179
            NONE;       UDP 10.9.0.3 49152 3784
            NONE;       UDP ff05::1
            NONE;       UDP 2001:db8::3
            NONE;       TCP 2001:db8::3 179 179
            NONE;       ND 136 fe80::3 255
            NONE;       58 fe80::3
            """;

    private static ControlLab lab;

    @BeforeAll
    static void connect() {
        lab = new ControlLab();
    }

    @AfterAll
    static void disconnect() {
        lab.close();
    }

    @Test
    void everyRowOfTheRule() {
        try (Port from = open(lab.here, "exclusive", 1, false);
                Port to = open(lab.there, "exclusive", 2, true)) {
            to.kernelOwns(KERNELS);
            for (String row : ROWS.lines().toList()) {
                String[] cells = row.split("; *");
                ControlShare share = ControlShare.valueOf(cells[0]);
                byte[] frame = frame(cells[1], to.macAddress());
                List<byte[]> sent = List.of(frame, tagged(frame, 0x8100), tagged(frame, 0x88a8));
                Map<ControlShare, Long> expected = letIn(to);
                List<ControlShare> wanted = shares(share);
                wanted.forEach(one -> expected.merge(one, 1L, Long::sum));
                send(from.queue(0), sent);
                assertThat(atControl(to, from))
                        .as(row)
                        .containsExactlyElementsOf(wanted.isEmpty() ? List.of() : hex(sent));
                // The marker.
                expected.merge(ControlShare.OTHERS, 1L, Long::sum);
                assertThat(letIn(to)).as(row).isEqualTo(expected);
                assertThat(atWorkers(to))
                        .as("the workers get it all the same: %s", row)
                        .containsAll(hex(sent));
            }
        }
    }

    /** Of a frame and two with a tag: a slow protocol's frame with one is none. */
    private static List<ControlShare> shares(ControlShare share) {
        return switch (share) {
            case NONE -> List.of();
            case SLOW -> List.of(share, ControlShare.OTHERS, ControlShare.OTHERS);
            default -> List.of(share, share, share);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"share", "exclusive"})
    void theFilterAgreesWithTheRule(String mode) {
        var random = new Random(2606);
        Map<ControlShare, Integer> counts = new EnumMap<>(ControlShare.class);
        try (Port from = open(lab.here, "exclusive", 1, false);
                Port to = open(lab.there, mode, 2, true);
                var buffers = new FrameBuffers(1, 2048)) {
            to.kernelOwns(KERNELS);
            to.own(new OwnedAddresses(Set.of(Address.parse("10.9.0.3")), Set.of(), 1));
            for (int round = 0; round < 400; round++) {
                List<byte[]> sent = new ArrayList<>();
                List<byte[]> expected = new ArrayList<>();
                Map<ControlShare, Long> letIn = letIn(to);
                for (int i = 0; i < ControlShare.SLOW.frames; i++) {
                    byte[] frame = random(random, to.macAddress());
                    boolean tag = random.nextInt(3) == 0 && frame.length >= Ethernet.LENGTH + 2;
                    byte[] onWire = tag ? tagged(frame, random.nextBoolean() ? 0x8100 : 0x88a8) : frame;
                    sent.add(onWire);
                    ControlShare share = ShareRule.of(frame, tag, KERNELS, buffers.address(0));
                    counts.merge(share, 1, Integer::sum);
                    if (share != ControlShare.NONE) {
                        expected.add(onWire);
                        letIn.merge(share, 1L, Long::sum);
                    }
                }
                send(from.queue(0), sent);
                assertThat(atControl(to, from)).containsExactlyElementsOf(hex(expected));
                letIn.merge(ControlShare.OTHERS, 1L, Long::sum);
                assertThat(letIn(to)).isEqualTo(letIn);
                atWorkers(to);
            }
        }
        assertThat(counts).hasSize(ControlShare.values().length);
        assertThat(counts.values()).as("%s", counts).allMatch(count -> count > 30);
    }

    private static byte[] random(Random random, long to) {
        String[] addresses = {
            "10.9.0.2", "10.9.0.3", "10.9.1.2", "224.0.0.1", "224.0.0.255", "224.0.1.0", "225.0.0.1", "239.0.0.5",
            "2001:db8::2", "2001:db8::3", "2001:db8:1::2", "fe80::2", "fe80::3", "ff02::1", "ff02::1:ff00:2", "ff03::1",
            "ff12::1", "::2"
        };
        int[] protocols = {1, 2, 6, 6, 6, 17, 17, 17, 58, 58, 58, 88, 89, 90, 111, 112, 113, 0, 44};
        long[] macs = {to, Ethernet.BROADCAST, 0x0100_5e00_0001L, 0x0200_0000_9999L, SlowProtocol.DESTINATION};
        long mac = macs[random.nextInt(macs.length)];
        byte[] frame = switch (random.nextInt(10)) {
            case 0 -> other(mac, random.nextInt(random.nextBoolean() ? 0x10000 : 0x700), 60);
            case 1 -> frame("ARP " + (1 + random.nextInt(2)), mac);
            case 2 -> other(mac, SlowProtocol.TYPE, 60);
            default ->
                packet(random, protocols[random.nextInt(protocols.length)], addresses[random.nextInt(addresses.length)])
                        .macs(mac, ControlLab.SENDER)
                        .toBytes();
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

    private static PacketBuilder packet(Random random, int protocol, String to) {
        int[] ports = {178, 179, 180, 3783, 3784, 3785, 4784};
        int[] kinds = {0, 128, 132, 133, 134, 135, 136, 137, 138, 255};
        ByteBuffer payload = ByteBuffer.allocate(20);
        if (protocol == 58) {
            payload.put((byte) kinds[random.nextInt(kinds.length)]);
        } else {
            payload.putShort((short) ports[random.nextInt(ports.length)]);
            payload.putShort((short) ports[random.nextInt(ports.length)]);
        }
        PacketBuilder packet = ControlLab.ip(protocol, to)
                .payload(payload.array())
                .ttl(random.nextInt(3) > 0 ? 255 : random.nextInt(255));
        if (!to.contains(":")) {
            int[] fragments = {0, 0, 0, 0x4000, 0x2000, 1, 0x1fff};
            packet.fragment(fragments[random.nextInt(fragments.length)]);
            if (random.nextInt(4) == 0) {
                packet.ipOptions(new byte[] {1, 1, 1, 0});
            }
        }
        return packet;
    }
}

package jdpvs.port.packet;

import static jdpvs.port.packet.ControlLab.KERNELS;
import static jdpvs.port.packet.ControlLab.atControl;
import static jdpvs.port.packet.ControlLab.atWorkers;
import static jdpvs.port.packet.ControlLab.frame;
import static jdpvs.port.packet.ControlLab.hex;
import static jdpvs.port.packet.ControlLab.open;
import static jdpvs.port.packet.ControlLab.other;
import static jdpvs.port.packet.ControlLab.send;
import static jdpvs.port.packet.ControlLab.tagged;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import jdpvs.port.FrameBuffers;
import jdpvs.port.KernelFrames;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.memory.Frame;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which frames a control queue has, frame by frame over a veth pair, held against {@link KernelFrames}. */
class ControlRuleTest {
    private static final List<String> CONTROL = List.of(
            "type 8809", // LACP
            "type 88cc", // LLDP
            "type 0026", // a length: STP in LLC
            "ARP 1",
            "ARP 2",
            "89 10.9.0.77", // OSPF
            "89 224.0.0.5",
            "112 224.0.0.18", // VRRP
            "112 10.9.0.77",
            "2 224.0.0.22", // IGMP
            "UDP 224.0.0.251",
            "112 239.1.2.3",
            "UDP 10.9.0.2",
            "6 10.9.0.2",
            "58 ff02::1",
            "UDP ff02::fb",
            "89 fe80::77",
            "112 2001:db8::77",
            "UDP 2001:db8::2",
            "58 fe80::2");

    private static final List<String> OTHERS = List.of(
            "UDP 224.0.1.1",
            "UDP 239.1.2.3",
            "UDP 10.9.0.3",
            "6 10.9.0.3",
            "UDP ff05::1",
            "UDP 2001:db8::3",
            "58 fe80::3");

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
            for (String what : CONTROL) {
                List<String> sent = sendTaggedAndNot(from, to, what);
                assertThat(atControl(to, from)).as(what).containsExactlyElementsOf(sent);
                assertThat(atWorkers(to)).as("the workers get it all the same").containsAll(sent);
            }
            for (String what : OTHERS) {
                List<String> sent = sendTaggedAndNot(from, to, what);
                assertThat(atControl(to, from)).as(what).isEmpty();
                assertThat(atWorkers(to)).as(what).containsAll(sent);
            }
        }
    }

    private static List<String> sendTaggedAndNot(Port from, Port to, String what) {
        byte[] frame = frame(what, to.macAddress());
        List<byte[]> sent = List.of(frame, tagged(frame, 0x8100), tagged(frame, 0x88a8));
        send(from.queue(0), sent);
        return hex(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"share", "exclusive"})
    void theFilterAgreesWithTheRule(String mode) {
        var random = new Random(2606);
        int taken = 0;
        int left = 0;
        try (Port from = open(lab.here, "exclusive", 1, false);
                Port to = open(lab.there, mode, 2, true);
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
}

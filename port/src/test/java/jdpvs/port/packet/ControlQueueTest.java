package jdpvs.port.packet;

import static jdpvs.port.packet.ControlLab.KERNELS;
import static jdpvs.port.packet.ControlLab.MARKER;
import static jdpvs.port.packet.ControlLab.atControl;
import static jdpvs.port.packet.ControlLab.atWorkers;
import static jdpvs.port.packet.ControlLab.awaitMarker;
import static jdpvs.port.packet.ControlLab.control;
import static jdpvs.port.packet.ControlLab.frame;
import static jdpvs.port.packet.ControlLab.hex;
import static jdpvs.port.packet.ControlLab.open;
import static jdpvs.port.packet.ControlLab.send;
import static jdpvs.port.packet.ControlLab.take;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
import jdpvs.linux.lab.Lab;
import jdpvs.port.Burst;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.wire.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A control queue beside the workers' queues: who gets what, what goes first, what is left. */
class ControlQueueTest {
    private static final int OTHERS = ControlShare.OTHERS.frames;

    private ControlLab lab;
    private String here;
    private String there;

    @BeforeEach
    void connect() {
        lab = new ControlLab();
        here = lab.here;
        there = lab.there;
    }

    @AfterEach
    void disconnect() {
        lab.close();
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
        try (Port from = open(here, "exclusive", 1, true);
                Port to = open(there, "exclusive", 2, true)) {
            byte[] frame = frame("type 88cc", from.macAddress());
            send(to.queue(1), List.of(frame));
            send(control(to), List.of(frame, MARKER));
            assertThat(awaitMarker(from)).containsExactlyElementsOf(hex(List.of(frame, frame)));
            assertThat(atControl(to, from)).isEmpty();
            assertThat(atWorkers(to)).doesNotContainAnyElementsOf(hex(List.of(frame)));
            assertThat(to.counters().sentPackets()).isEqualTo(3);
            assertThat(control(to).counters().sentPackets()).isEqualTo(2);
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

    /** Nobody reads while more come than it holds. */
    @Test
    void whatAFullControlQueueLosesIsCounted() {
        try (Port from = open(here, "exclusive", 1, false);
                Port to = open(there, "exclusive", 1, true)) {
            byte[] frame = frame("type 88cc", to.macAddress());
            int sent = 3 * Burst.CAPACITY;
            for (int i = 0; i < 3; i++) {
                send(from.queue(0), Collections.nCopies(Burst.CAPACITY, frame));
            }
            int lost = sent - OTHERS;
            long deadline = System.nanoTime() + 5_000_000_000L;
            while (control(to).counters().receiveMissed() < lost && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            // The kernel may have said something of its own on the link meanwhile.
            assertThat(control(to).counters().receiveMissed()).isGreaterThanOrEqualTo((long) lost);
            List<String> held = new ArrayList<>();
            take(control(to), held);
            assertThat(held).hasSizeBetween(OTHERS / 2, OTHERS);
        }
    }

    /** A bond without its partner's voice ends after three seconds, a virtual router's backup takes over, a session ends: nobody who can reach the kernel may have it so. */
    @ParameterizedTest
    @CsvSource({
        "UDP 10.9.0.2, LACP",
        "UDP 10.9.0.2, 112 224.0.0.18",
        "UDP 10.9.0.2, 112 10.9.0.2",
        "UDP 10.9.0.2, 112 ff02::12",
        "UDP 10.9.0.2, 89 224.0.0.5",
        "UDP 10.9.0.2, TCP 10.9.0.2 1024 179",
        "UDP 10.9.0.2, UDP 10.9.0.2 49152 3784",
        "UDP 10.9.0.2, ARP 1",
        "TCP 2001:db8::2 1024 22, ND 136 2001:db8::2 255",
        "ARP 1, LACP",
        "ARP 1, 112 224.0.0.18",
        "ARP 1, TCP 10.9.0.2 1024 179",
        "ND 135 ff02::1:ff00:2 255, 112 ff02::12",
        "TCP 10.9.0.2 1024 179, 112 224.0.0.18",
        "TCP 10.9.0.2 1024 179, ARP 2",
        "112 10.9.0.77, 112 224.0.0.18",
        "UDP 224.0.0.251, LACP",
        "UDP 224.0.0.251, TCP 10.9.0.2 179 1024",
        "UDP 224.0.0.251, TCP 10.9.0.2 1024 22",
    })
    void aFloodLeavesOthersAlone(String flood, String other) {
        try (Port from = open(here, "exclusive", 1, false);
                Port to = open(there, "exclusive", 1, true)) {
            to.kernelOwns(KERNELS);
            List<byte[]> frames = Collections.nCopies(60, frame(flood, to.macAddress()));
            byte[] survivor = frame(other, to.macAddress());
            for (int i = 0; i < 10; i++) {
                send(from.queue(0), frames);
                send(from.queue(0), List.of(survivor));
            }
            assertThat(until(to, hex(List.of(survivor)).getFirst(), 10))
                    .as("each came once")
                    .isEqualTo(10);
            assertThat(control(to).counters().receiveMissed())
                    .as("lost of the flood")
                    .isPositive();
        }
    }

    /** Reads until the frame has come so often, and then until nothing more is there. */
    private static int until(Port to, String frame, int times) {
        List<String> frames = new ArrayList<>();
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (Collections.frequency(frames, frame) < times && System.nanoTime() < deadline) {
            take(control(to), frames);
        }
        return Collections.frequency(frames, frame);
    }

    /** Several times what a share has, but never more at once: each time the reader finds the queue empty, the shares are whole again. */
    @Test
    void whoReadsGivesSharesBack() {
        try (Port from = open(here, "exclusive", 1, false);
                Port to = open(there, "exclusive", 1, true)) {
            byte[] frame = frame("112 224.0.0.18", to.macAddress());
            for (int i = 0; i < 5; i++) {
                send(from.queue(0), Collections.nCopies(ControlShare.LINK.frames, frame));
                assertThat(atControl(to, from)).hasSize(ControlShare.LINK.frames);
            }
            assertThat(control(to).counters().receiveMissed()).isZero();
        }
    }

    /** All kinds flood at once: the ring has room for every share. */
    @Test
    void sharesFitIntoTheRing() {
        String[] kinds = {"LACP", "112 224.0.0.18", "ARP 1", "112 10.9.0.2", "type 88cc"};
        try (Port from = open(here, "exclusive", 1, false);
                Port to = open(there, "exclusive", 1, true)) {
            for (String kind : kinds) {
                for (int i = 0; i < 3; i++) {
                    send(from.queue(0), Collections.nCopies(Burst.CAPACITY, frame(kind, to.macAddress())));
                }
            }
            int held = Arrays.stream(ControlShare.values())
                    .mapToInt(share -> share.frames)
                    .sum();
            long lost = (long) kinds.length * 3 * Burst.CAPACITY - held;
            long deadline = System.nanoTime() + 5_000_000_000L;
            while (control(to).counters().receiveMissed() < lost && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            List<String> frames = new ArrayList<>();
            take(control(to), frames);
            for (int i = 0; i < kinds.length; i++) {
                assertThat(Collections.frequency(
                                frames,
                                hex(List.of(frame(kinds[i], to.macAddress()))).getFirst()))
                        .as(kinds[i])
                        .isEqualTo(ControlShare.values()[i + 1].frames);
            }
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
}

package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortOptions;
import jdpvs.port.Ports;
import jdpvs.port.memory.Frame;
import jdpvs.port.memory.Steering;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ICMP errors go to the queue of the flow they are about: by the kernel's program with real frames, and by the memory driver. */
class IcmpSteeringTest {
    private static final String VIP = "10.9.0.2";
    private static final String LIP = "10.9.0.3";
    private static final String CLIENT = "172.16.0.1";
    private static final String SERVER = "10.9.0.80";
    private static final String ROUTER = "198.51.100.7";
    private static final int QUEUES = 2;
    private static final int FLOWS = 24;
    private static final byte[] NO_OPERATIONS = {1, 1, 1, 0};
    private static final OwnedAddresses OWNED =
            new OwnedAddresses(Set.of(Packets.ip(VIP), Packets.ip(LIP)), Set.of(Packets.ip(LIP)), 1);

    private static Lab lab;
    private static Port from;
    private static Port to;

    @BeforeAll
    static void connect() {
        lab = new Lab();
        String here = lab.namespace("here");
        String there = lab.namespace("there");
        lab.link(here, "eth0", there, "eth0");
        from = Lab.in(here, () -> Ports.open("dpdk0", "packet:eth0,exclusive", new PortOptions(1, 64, false)));
        to = Lab.in(there, () -> Ports.open("dpdk0", "packet:eth0,share", new PortOptions(QUEUES, 256, false)));
        to.own(OWNED);
    }

    @AfterAll
    static void disconnect() {
        from.close();
        to.close();
        lab.close();
    }

    private static PacketBuilder packet(boolean udp, String source, int sourcePort, String destination, int port) {
        return udp
                ? PacketBuilder.udp(source, sourcePort, destination, port).payload(30)
                : PacketBuilder.tcp(source, sourcePort, destination, port).payload(30);
    }

    private static PacketBuilder error(int type, String to, PacketBuilder quoted, int bytes) {
        byte[] frame = quoted.toBytes();
        return PacketBuilder.echo(ROUTER, to, 0, 0)
                .icmp(type, 0)
                .payload(Arrays.copyOfRange(frame, 14, Math.min(frame.length, 14 + bytes)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErrorAboutAClientsFlowFollowsTheClient(boolean udp) {
        Set<Integer> used = new HashSet<>();
        for (int port = 40_000; port < 40_000 + FLOWS; port++) {
            PacketBuilder answer = packet(udp, VIP, 80, CLIENT, port);
            int queue = queueOf(packet(udp, CLIENT, port, VIP, 80));
            used.add(queue);
            for (int type : new int[] {3, 4, 11, 12}) {
                assertThat(queueOf(error(type, VIP, answer, 28)))
                        .as("type %d", type)
                        .isEqualTo(queue);
            }
            assertThat(queueOf(error(3, VIP, packet(udp, VIP, 80, CLIENT, port).ipOptions(NO_OPERATIONS), 548)
                            .ipOptions(NO_OPERATIONS)))
                    .as("options in both headers")
                    .isEqualTo(queue);
        }
        assertThat(used).containsExactlyInAnyOrder(0, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErrorToALocalAddressGoesByTheQuotedLocalPort(boolean udp) {
        for (int port = 5000; port < 5000 + FLOWS; port++) {
            PacketBuilder sent = packet(udp, LIP, port, SERVER, 80);
            assertThat(queueOf(error(3, LIP, sent, 28))).isEqualTo(port & 1);
            assertThat(queueOf(error(11, LIP, packet(udp, LIP, port, SERVER, 80).ipOptions(NO_OPERATIONS), 548)))
                    .isEqualTo(port & 1);
        }
    }

    /** By addresses alone, wherever that is: what counts is that they arrive, once. */
    @Test
    void whatQuotesNothingUsefulArrivesAllTheSame() {
        PacketBuilder sent = packet(false, LIP, 5001, SERVER, 80);
        PacketBuilder echo = PacketBuilder.echo(LIP, SERVER, 1, 1).payload(30);
        PacketBuilder fragment = error(3, LIP, sent, 60).fragment(0x2000);
        for (PacketBuilder frame : List.of(
                error(3, LIP, sent, 0),
                error(3, LIP, sent, 19),
                error(3, LIP, sent, 20),
                error(3, LIP, sent, 23),
                error(5, LIP, sent, 28),
                error(8, LIP, sent, 28),
                error(3, LIP, echo, 28),
                fragment)) {
            assertThat(queueOf(frame)).isBetween(0, 1);
        }
    }

    @Test
    void theMemoryDriverSteersAlike() {
        for (boolean udp : new boolean[] {false, true}) {
            for (int port = 40_000; port < 40_000 + FLOWS; port++) {
                int queue = memoryQueueOf(packet(udp, CLIENT, port, VIP, 80));
                assertThat(memoryQueueOf(error(11, VIP, packet(udp, VIP, 80, CLIENT, port), 28)))
                        .isEqualTo(queue);
                assertThat(memoryQueueOf(error(3, LIP, packet(udp, LIP, port, SERVER, 80), 28)))
                        .isEqualTo(port & 1);
            }
        }
        assertThat(memoryQueueOf(error(3, LIP, packet(true, LIP, 5001, SERVER, 80), 19)))
                .isBetween(0, 1);
    }

    private static int memoryQueueOf(PacketBuilder packet) {
        try (var buffers = new FrameBuffers(1, 2048)) {
            long frame = buffers.address(0);
            return Steering.BY_OWNER.queue(frame, packet.write(frame), OWNED, QUEUES);
        }
    }

    /** Sends a frame and tells by which queue it comes. */
    private static int queueOf(PacketBuilder packet) {
        byte[] bytes = packet.macs(to.macAddress(), from.macAddress()).toBytes();
        try (var buffers = new FrameBuffers(1, 2048)) {
            var burst = new Burst();
            burst.add(buffers.address(0), Frame.plain(bytes).write(buffers.address(0)));
            from.queue(0).transmit(burst);
            for (int i = 0; i < 3000; i++) {
                for (int queue = 0; queue < QUEUES; queue++) {
                    if (receive(queue, burst, bytes)) {
                        return queue;
                    }
                }
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("the frame did not arrive");
    }

    private static boolean receive(int queue, Burst burst, byte[] expected) {
        burst.count = 0;
        to.queue(queue).receive(burst);
        boolean found = false;
        for (int i = 0; i < burst.count; i++) {
            byte[] bytes = new byte[burst.length[i]];
            Memory.copyOut(burst.address[i], bytes, 0, bytes.length);
            found |= Arrays.equals(bytes, expected);
        }
        to.queue(queue).release();
        return found;
    }
}

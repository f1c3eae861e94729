package jdpvs.stack;

import static jdpvs.stack.StackFixture.CLIENT;
import static jdpvs.stack.StackFixture.CLIENT6;
import static jdpvs.stack.StackFixture.CLIENT_MAC;
import static jdpvs.stack.StackFixture.LAN_MAC;
import static jdpvs.stack.StackFixture.LIP;
import static jdpvs.stack.StackFixture.SERVER;
import static jdpvs.stack.StackFixture.SERVER6;
import static jdpvs.stack.StackFixture.SERVER_MAC;
import static jdpvs.stack.StackFixture.VIP;
import static jdpvs.stack.StackFixture.VIP6;
import static jdpvs.stack.StackFixture.WAN_MAC;
import static jdpvs.stack.StackFixture.arpReply;
import static jdpvs.stack.StackFixture.arpRequest;
import static jdpvs.stack.StackFixture.fromClient;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import jdpvs.port.PortQueue;
import jdpvs.wire.Classifier;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;

/** No path of the stack allocates per packet once it runs. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 20_000;

    private final StackFixture f = new StackFixture(false);
    private final long template = Arena.global().allocate(4096, 64).address();
    private final long frame = Arena.global().allocate(4096, 64).address() + PortQueue.HEADROOM;

    AllocationTest() {
        f.context.network = f.context.network.withIpv4Forwarding(true);
        f.know(f.wan, CLIENT, CLIENT_MAC);
        f.know(f.lan, SERVER, SERVER_MAC);
        f.stack.macAddress(0, CLIENT);
        f.stack.macAddress(1, SERVER);
        f.egress.recording = false;
    }

    @Test
    void echo() {
        allocatesNothing(
                input(fromClient(PacketBuilder.echo(CLIENT, VIP, 1, 1))
                        .payload(56)
                        .toBytes()),
                1);
    }

    @Test
    void forward() {
        allocatesNothing(
                input(fromClient(PacketBuilder.udp(CLIENT, 1, SERVER, 2)).toBytes()), 1);
    }

    @Test
    void timeExceeded() {
        byte[] last = fromClient(PacketBuilder.udp(CLIENT, 1, SERVER, 2)).ttl(1).toBytes();
        Runnable input = input(last);
        allocatesNothing(
                () -> {
                    f.context.nowMillis++;
                    input.run();
                },
                1);
    }

    @Test
    void ipv6() {
        f.context.network = f.context.network.withSettings(StackSettings.DEFAULTS.withIpv6(true, true));
        f.know(f.wan, CLIENT6, CLIENT_MAC);
        f.know(f.lan, SERVER6, SERVER_MAC);
        allocatesNothing(
                input(fromClient(PacketBuilder.echo(CLIENT6, VIP6, 1, 1)).toBytes()), 1);
        allocatesNothing(
                input(fromClient(PacketBuilder.udp(CLIENT6, 1, SERVER6, 2)).toBytes()), 1);
        Runnable last = input(
                fromClient(PacketBuilder.udp(CLIENT6, 1, SERVER6, 2)).ttl(1).toBytes());
        allocatesNothing(
                () -> {
                    f.context.nowMillis++;
                    last.run();
                },
                1);
        allocatesNothing(
                input(StackFixture.discovery(
                        Icmp6.NEIGHBOUR_SOLICITATION, CLIENT6, VIP6, 0, VIP6, CLIENT_MAC, CLIENT_MAC, WAN_MAC)),
                1);
    }

    @Test
    void arpRequests() {
        allocatesNothing(input(arpRequest(CLIENT_MAC, CLIENT, VIP)), 1);
    }

    @Test
    void drops() {
        allocatesNothing(input(fromClient(PacketBuilder.tcp(CLIENT, 1, VIP, 2)).toBytes()), 0);
    }

    @Test
    void sendingToAKnownNeighbour() {
        Route route = Objects.requireNonNull(f.context.network.route(SERVER));
        int length = PacketBuilder.udp(LIP, 1, SERVER, 2).writeWithHeader(frame);
        allocatesNothing(() -> f.stack.output(route, frame, length), 1);
    }

    /** Resolution from the first packet to the answer, and failure: what waits is copied into buffers made beforehand. */
    @Test
    void resolution() {
        Route route = Objects.requireNonNull(f.context.network.route(SERVER));
        int length = PacketBuilder.udp(LIP, 1, SERVER + 1, 2).writeWithHeader(frame);
        long unanswered = frame + 512;
        PacketBuilder.udp(LIP, 1, SERVER + 2, 2).writeWithHeader(unanswered);
        byte[] reply = arpReply(SERVER_MAC, SERVER + 1, LAN_MAC, LIP);
        Memory.copyIn(reply, 0, template, reply.length);
        long answer = frame + 1024;
        allocatesNothing(
                () -> {
                    f.stack.output(route, frame, length);
                    Memory.copy(template, answer, reply.length);
                    f.stack.input(1, answer, reply.length, Classifier.classify(answer, reply.length));
                    f.stack.output(route, unanswered, length);
                    f.context.nowMillis += 1000;
                    f.stack.tick();
                    f.egress.endCycle();
                },
                2);
    }

    private Runnable input(byte[] bytes) {
        Memory.copyIn(bytes, 0, template, bytes.length);
        int length = bytes.length;
        return () -> {
            Memory.copy(template, frame, length);
            VirtioNetHeader.clear(frame);
            f.stack.input(0, frame, length, Classifier.classify(frame, length));
            f.egress.endCycle();
        };
    }

    private void allocatesNothing(Runnable round, int framesEach) {
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        long sentBefore = f.egress.sentCount;
        long thread = Thread.currentThread().threadId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
        // The question itself may cost a few bytes; a byte per round would be 20,000.
        assertThat(allocated).isLessThan(1024);
        assertThat(f.egress.sentCount - sentBefore).isGreaterThanOrEqualTo((long) framesEach * ROUNDS);
    }
}

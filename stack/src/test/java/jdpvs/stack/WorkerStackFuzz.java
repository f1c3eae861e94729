package jdpvs.stack;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import jdpvs.port.DropReason;
import jdpvs.wire.Classifier;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.NeighbourDiscovery;
import jdpvs.wire.VirtioNetHeader;
import org.jspecify.annotations.Nullable;

/**
 * The books of the slow path balance for any frame: it is answered, passed on or kept exactly once, or counted exactly once; nothing throws;
 * whatever goes out is itself a good frame.
 */
final class WorkerStackFuzz {
    private static final StackFixture FIXTURE = fixture(new StackFixture(false));
    private static final StackFixture BESIDE_KERNEL = fixture(StackFixture.besideKernel());
    private static final long BUFFER = Arena.global().allocate(70_000, 64).address();

    private WorkerStackFuzz() {}

    private static StackFixture fixture(StackFixture fixture) {
        fixture.context.network = fixture.context.network.withSettings(
                StackSettings.DEFAULTS.withIpv4Forwarding(true).withIpv6(true, true));
        fixture.know(fixture.wan, StackFixture.CLIENT6, StackFixture.CLIENT_MAC);
        fixture.know(fixture.lan, StackFixture.SERVER6, StackFixture.SERVER_MAC);
        fixture.know(fixture.wan, StackFixture.CLIENT, StackFixture.CLIENT_MAC);
        fixture.know(fixture.lan, StackFixture.SERVER, StackFixture.SERVER_MAC);
        fixture.stack.macAddress(0, StackFixture.CLIENT);
        fixture.stack.macAddress(1, StackFixture.SERVER);
        return fixture;
    }

    /** How often a reason was counted by all inputs so far. */
    static long count(DropReason reason) {
        return FIXTURE.drops.get(reason) + BESIDE_KERNEL.drops.get(reason);
    }

    /** First byte: device, whether time passes, and whether it has a kernel interface; then a frame. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2 || input.length > 65_550) {
            return;
        }
        StackFixture f = (input[0] & 4) == 0 ? FIXTURE : BESIDE_KERNEL;
        byte[] frame = Arrays.copyOfRange(input, 1, input.length);
        if ((input[0] & 2) != 0) {
            f.advance(1 + (input[0] & 0xff) * 100);
        }
        int waitingBefore = f.stack.waiting();
        long droppedBefore = countedFrames(f);
        List<String> lines = f.input((input[0] & 1) == 0 ? f.wan : f.lan, frame);
        long counted = countedFrames(f) - droppedBefore;
        int kept = f.stack.waiting() - waitingBefore;
        long sentPackets = 0;
        byte[] before = null;
        long given = f.egress.sent.stream()
                .filter(sent -> sent.device == StackFixture.KNI)
                .count();
        if (given > (lines.contains("LEFT_TO_KERNEL") ? 1 : 0)) {
            throw new AssertionError("given to the kernel " + given + " times: " + lines);
        }
        f.egress.sent.removeIf(sent -> sent.device == StackFixture.KNI);
        for (FakeEgress.Sent sent : f.egress.sent) {
            sentPackets += isArp(sent.frame) || isDiscovery(sent.frame) || continues(before, sent.frame) ? 0 : 1;
            before = sent.frame;
            checkSent(sent, frame, lines);
        }
        boolean link = isArp(frame) || isDiscovery(frame);
        boolean balanced = link
                ? counted == 0 || (counted == 1 && f.egress.sent.isEmpty() && kept == 0)
                : counted == 0 ? sentPackets + kept == 1 : counted == 1 && sentPackets + kept <= 1;
        if (!balanced) {
            throw new AssertionError("counted " + counted + ", kept " + kept + ", sent and counted: " + lines);
        }
    }

    private static boolean isArp(byte[] frame) {
        return frame.length > 13 && frame[12] == 8 && frame[13] == 6;
    }

    private static boolean isDiscovery(byte[] bytes) {
        long frame = BUFFER + VirtioNetHeader.LENGTH;
        Memory.copyIn(bytes, 0, frame, bytes.length);
        int classification = Classifier.classify(frame, bytes.length);
        return FrameKind.kind(classification) == FrameKind.ICMP6
                && NeighbourDiscovery.isMessage(Icmp6.type(frame + FrameKind.transportOffset(classification)));
    }

    /** Whether a frame is a fragment of the same packet as the one sent before it. */
    private static boolean continues(byte @Nullable [] before, byte[] frame) {
        return before != null
                && (before[20] & Ipv4.MORE_FRAGMENTS >>> 8) != 0
                && Arrays.equals(before, 18, 20, frame, 18, 20);
    }

    /** Drops but for the answers that could not be given: those are no frames that came in. */
    private static long countedFrames(StackFixture f) {
        return f.dropped() - f.drops.get(DropReason.REPLY_LIMITED);
    }

    private static void checkSent(FakeEgress.Sent sent, byte[] in, List<String> lines) {
        long frame = BUFFER + VirtioNetHeader.LENGTH;
        Memory.copyIn(sent.frame, 0, frame, sent.frame.length);
        int kind = FrameKind.kind(Classifier.classify(frame, sent.frame.length));
        if (kind >= FrameKind.FIRST_BAD) {
            throw new AssertionError(
                    "sent a bad frame of kind " + kind + " for one of " + in.length + " bytes: " + lines);
        }
    }
}

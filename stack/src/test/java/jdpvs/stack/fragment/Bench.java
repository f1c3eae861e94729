package jdpvs.stack.fragment;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.port.PortQueue;
import jdpvs.stack.Egress;
import jdpvs.stack.Handover;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Classifier;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;

/** A reassembly and a fragmenter of one worker, with a clock of their own and what was sent at hand. */
final class Bench {
    static final int HEADERS = 34;

    /** Of all tests, one after the other. */
    private static final long BUFFER = Arena.global().allocate(70_000, 64).address() + PortQueue.HEADROOM;

    final List<byte[]> sent = new ArrayList<>();
    final DropCounters drops = new DropCounters();
    final WorkerContext context =
            new WorkerContext(0, 1, new Recorder(), new Nobody(), drops, NetworkConfiguration.of(List.of()));
    final FragmentLimits limits;
    final Reassembly reassembly;
    final Fragmenter fragmenter = new Fragmenter(context);
    final long buffer = BUFFER;

    Bench(FragmentLimits limits) {
        this.limits = limits;
        reassembly = new Reassembly(context, limits, 42);
        context.nowMillis = 1_000_000;
    }

    Bench() {
        this(FragmentLimits.DEFAULTS);
    }

    /** Gives a frame, if it is a fragment, to the reassembly; what is whole then. */
    List<byte[]> add(byte[] frame) {
        Memory.copyIn(frame, 0, buffer, frame.length);
        VirtioNetHeader.clear(buffer);
        int classification = Classifier.classify(buffer, frame.length);
        int kind = FrameKind.kind(classification);
        if (kind == FrameKind.FRAGMENT4 || kind == FrameKind.FRAGMENT6) {
            reassembly.add(0, buffer, classification);
        }
        return taken();
    }

    List<byte[]> taken() {
        List<byte[]> whole = new ArrayList<>();
        for (long at = reassembly.take(); at != 0; at = reassembly.take()) {
            whole.add(copy(at, reassembly.takenLength()));
        }
        context.nowMillis++;
        return whole;
    }

    /** A frame's fragments for an MTU. */
    List<byte[]> fragments(byte[] frame, int mtu) {
        Memory.copyIn(frame, 0, buffer, frame.length);
        VirtioNetHeader.clear(buffer);
        return send(frame.length, mtu);
    }

    /** Likewise of IPv6, whose sender lets it be cut. */
    List<byte[]> fragments6(byte[] frame, int mtu) {
        Memory.copyIn(frame, 0, buffer, frame.length);
        VirtioNetHeader.clear(buffer);
        VirtioNetHeader.setFragments(buffer, 1232);
        return send(frame.length, mtu);
    }

    /** What becomes of the frame in {@link #buffer}. */
    List<byte[]> send(int length, int mtu) {
        sent.clear();
        fragmenter.send(0, buffer, length, mtu);
        context.nowMillis++;
        return List.copyOf(sent);
    }

    Map<DropReason, Long> dropped() {
        Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            if (drops.get(reason) != 0) {
                counts.put(reason, drops.get(reason));
            }
        }
        return counts;
    }

    long droppedFrames() {
        return dropped().values().stream().mapToLong(Long::longValue).sum();
    }

    static byte[] copy(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.copyOut(address, bytes, 0, length);
        return bytes;
    }

    private final class Recorder implements Egress {
        @Override
        public void send(int device, long frame, int length) {
            sent.add(copy(frame, length));
        }

        @Override
        public long allocate() {
            return 0;
        }
    }

    private static final class Nobody implements Handover {
        @Override
        public void frame(int worker, int device, long frame, int length) {}

        @Override
        public void neighbour(int device, long high, long low, long macAddress) {}
    }
}

package jdpvs.daemon.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import jdpvs.linux.Mapping;
import jdpvs.port.Burst;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;

/**
 * A port for hostile frames. Every received frame lies between two guards that nobody may write to:
 *
 * <pre>
 *  | guard, 64 | headroom, 64 | frame, as long as it is | guard, 64 |
 * </pre>
 *
 * It knows its own frames when they are sent, on this port or the other, and what it sends was made by the worker otherwise.
 */
final class GuardedPort implements Port {
    static final int GUARD = 64;
    private static final int SLOT = 66_048;
    private static final long PATTERN = 0xa5a5_5a5a_c3c3_3c3cL;

    private final String name;
    private final long macAddress;
    private final List<GuardedQueue> queues = new ArrayList<>();
    private final Sent sent;

    /** Who is told of every frame that leaves. */
    @FunctionalInterface
    interface Sent {
        void frame(String port, long frame, int length);
    }

    private static final class Arriving {
        final byte[] bytes;
        final boolean withTrailer;

        Arriving(byte[] bytes, boolean withTrailer) {
            this.bytes = bytes;
            this.withTrailer = withTrailer;
        }
    }

    GuardedPort(String name, long macAddress, int queueCount, Sent sent) {
        this.name = name;
        this.macAddress = macAddress;
        this.sent = sent;
        for (int i = 0; i < queueCount; i++) {
            queues.add(new GuardedQueue());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String specification() {
        return "guarded";
    }

    @Override
    public long macAddress() {
        return macAddress;
    }

    @Override
    public int mtu() {
        return 1500;
    }

    @Override
    public LinkState link() {
        return new LinkState(true, 10_000, true, false);
    }

    @Override
    public int queueCount() {
        return queues.size();
    }

    @Override
    public GuardedQueue queue(int index) {
        return queues.get(index);
    }

    @Override
    public PortCounters counters() {
        return PortCounters.ZERO;
    }

    @Override
    public boolean sharedWithKernel() {
        return false;
    }

    @Override
    public void own(OwnedAddresses addresses) {}

    @Override
    public void setPromiscuous(boolean on) {}

    @Override
    public void close() {
        queues.forEach(queue -> queue.memory.close());
    }

    /** Whether the frame lies in memory that this port lent; counts how often it left. */
    boolean recognise(long frame) {
        for (GuardedQueue queue : queues) {
            long offset = frame - queue.memory.address();
            if (offset >= 0 && offset < queue.memory.bytes()) {
                queue.left[(int) (offset / SLOT)]++;
                return true;
            }
        }
        return false;
    }

    /** One receive queue; frames arrive when somebody offers them. */
    final class GuardedQueue implements PortQueue {
        private final Mapping memory = Mapping.anonymous((long) SLOT * Burst.CAPACITY, true);
        private final Deque<Arriving> arriving = new ArrayDeque<>();
        private final int[] lengths = new int[Burst.CAPACITY];
        private final int[] left = new int[Burst.CAPACITY];
        private int lent;

        /** @param withTrailer whether the frame's virtio-net header stands in its last ten bytes */
        void offer(byte[] frame, boolean withTrailer) {
            arriving.add(new Arriving(frame, withTrailer));
        }

        boolean isWaiting() {
            return !arriving.isEmpty();
        }

        @Override
        public int receive(Burst burst) {
            burst.count = 0;
            while (!burst.isFull() && !arriving.isEmpty()) {
                Arriving next = arriving.remove();
                byte[] bytes = next.bytes;
                int length = next.withTrailer ? bytes.length - VirtioNetHeader.LENGTH : bytes.length;
                long slot = memory.address() + (long) burst.count * SLOT;
                long frame = slot + GUARD + HEADROOM;
                VirtioNetHeader.clear(frame);
                if (next.withTrailer) {
                    Memory.copyIn(bytes, length, frame - VirtioNetHeader.LENGTH, VirtioNetHeader.LENGTH);
                }
                Memory.copyIn(bytes, 0, frame, length);
                guard(slot);
                guard(frame + length);
                lengths[burst.count] = length;
                left[burst.count] = 0;
                burst.add(frame, length);
            }
            lent = burst.count;
            return burst.count;
        }

        @Override
        public void release() {
            for (int i = 0; i < lent; i++) {
                long slot = memory.address() + (long) i * SLOT;
                check(slot, "before the headroom");
                check(slot + GUARD + HEADROOM + lengths[i], "behind the frame");
                if (left[i] > 1) {
                    throw new AssertionError("a frame was sent " + left[i] + " times");
                }
            }
            lent = 0;
        }

        @Override
        public void transmit(Burst burst) {
            for (int i = 0; i < burst.count; i++) {
                sent.frame(name, burst.address[i], burst.length[i]);
            }
            burst.count = 0;
        }

        @Override
        public PortCounters counters() {
            return PortCounters.ZERO;
        }

        @Override
        public int[] pollDescriptors() {
            return new int[0];
        }

        private static void guard(long address) {
            for (int at = 0; at < GUARD; at += 8) {
                Memory.putLong(address + at, PATTERN);
            }
        }

        private static void check(long address, String where) {
            for (int at = 0; at < GUARD; at += 8) {
                if (Memory.getLong(address + at) != PATTERN) {
                    throw new AssertionError("the memory " + where + " was written to");
                }
            }
        }
    }
}

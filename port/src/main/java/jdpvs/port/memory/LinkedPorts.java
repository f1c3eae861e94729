package jdpvs.port.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import org.jspecify.annotations.Nullable;

/**
 * Two ports with a cable between them: what one sends the other receives, on the queue its steering chooses. Queues may be used by different
 * threads. A queue that holds {@link #QUEUE_FRAMES} frames loses further ones.
 */
public final class LinkedPorts {
    public static final int QUEUE_FRAMES = 4096;

    /** The largest IPv4 packet and an Ethernet header. */
    private static final int LARGEST_FRAME = 65_535 + 14;

    private final MemoryPort first;
    private final MemoryPort second;

    private LinkedPorts(MemoryPort first, MemoryPort second) {
        this.first = first;
        this.second = second;
    }

    public static LinkedPorts create(Side first, Side second) {
        var toFirst = new Direction(first);
        var toSecond = new Direction(second);
        MemoryPort one = port(first, toFirst, toSecond);
        MemoryPort two = port(second, toSecond, toFirst);
        toFirst.receiver = one;
        toSecond.receiver = two;
        return new LinkedPorts(one, two);
    }

    /** What one end is like. */
    public record Side(String name, long macAddress, int mtu, int queueCount, Steering steering) {}

    public MemoryPort first() {
        return first;
    }

    public MemoryPort second() {
        return second;
    }

    private static MemoryPort port(Side side, Direction in, Direction out) {
        List<MemoryQueue> queues = new ArrayList<>();
        for (int i = 0; i < side.queueCount; i++) {
            int index = i;
            queues.add(new MemoryQueue(
                    new FrameBuffers(Burst.CAPACITY, LARGEST_FRAME), frame -> in.take(index, frame), out::put));
        }
        return new MemoryPort(side.name, side.macAddress, side.mtu, queues);
    }

    /** Frames under way to one end. */
    private static final class Direction {
        final Side side;
        final List<Queue<Frame>> queues = new ArrayList<>();
        volatile @Nullable MemoryPort receiver;

        Direction(Side side) {
            this.side = side;
            for (int i = 0; i < side.queueCount; i++) {
                queues.add(new ArrayDeque<>());
            }
        }

        int take(int queue, long address) {
            Frame frame;
            synchronized (this) {
                frame = queues.get(queue).poll();
            }
            return frame == null ? 0 : frame.write(address);
        }

        synchronized void put(Burst burst) {
            MemoryPort port = receiver;
            if (port == null) {
                return;
            }
            for (int i = 0; i < burst.count; i++) {
                long frame = burst.address[i];
                int length = burst.length[i];
                Queue<Frame> queue = queues.get(side.steering.queue(frame, length, port.owned(), side.queueCount));
                if (queue.size() < QUEUE_FRAMES) {
                    queue.add(Frame.copyOf(frame, length));
                }
            }
        }
    }
}

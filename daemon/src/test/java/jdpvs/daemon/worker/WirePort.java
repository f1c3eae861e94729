package jdpvs.daemon.worker;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import jdpvs.linux.EventDescriptor;
import jdpvs.port.Burst;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;
import jdpvs.wire.Address;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;
import org.jspecify.annotations.Nullable;

/** A port whose other end is a test: frames put in by any thread, frames that came out, and what the port was told. */
public final class WirePort implements Port {
    public final List<OwnedAddresses> owned = new ArrayList<>();
    public final List<Set<Address>> kernels = new ArrayList<>();
    public final AtomicInteger ticks = new AtomicInteger();
    public boolean promiscuous;
    public volatile boolean up = true;
    /** Whether sending raises an exception. */
    public volatile boolean failing;
    /** What the queues count as refused and lost. */
    public volatile PortCounters counters = PortCounters.ZERO;

    private final String name;
    private final long macAddress;
    private final List<Queue> queues;
    private final @Nullable Queue control;
    private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();

    public WirePort(String name, long macAddress, int queues) {
        this(name, macAddress, queues, false);
    }

    /** @param withControl with a control queue */
    public WirePort(String name, long macAddress, int queues, boolean withControl) {
        this.control = withControl ? new Queue() : null;
        this.name = name;
        this.macAddress = macAddress;
        this.queues = IntStream.range(0, queues).mapToObj(i -> new Queue()).toList();
    }

    /** Lets a frame arrive. */
    public void receive(int queue, byte[] frame) {
        queues.get(queue).arriving.add(frame);
        queues.get(queue).event.signal();
    }

    /** Lets a frame arrive at the control queue only. */
    public void receiveControl(byte[] frame) {
        Queue queue = Objects.requireNonNull(control);
        queue.arriving.add(frame);
        queue.event.signal();
    }

    @Override
    public @Nullable PortQueue control() {
        return control;
    }

    @Override
    public void tick(long nowMillis) {
        ticks.incrementAndGet();
    }

    @Override
    public void kernelOwns(Set<Address> addresses) {
        kernels.add(addresses);
    }

    /** The next frame that was sent, broadcast or not, or null after ten seconds. */
    public byte @Nullable [] nextFrame() throws InterruptedException {
        return sent.poll(10, TimeUnit.SECONDS);
    }

    /** The next frame that was sent and is no broadcast, or null after two seconds. */
    public byte @Nullable [] nextSent() throws InterruptedException {
        byte[] frame = sent.poll(2, TimeUnit.SECONDS);
        while (frame != null && frame[0] == -1) {
            frame = sent.poll(2, TimeUnit.SECONDS);
        }
        return frame;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String specification() {
        return "wire:";
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
        return new LinkState(up, 10000, true, false);
    }

    @Override
    public int queueCount() {
        return queues.size();
    }

    @Override
    public PortQueue queue(int index) {
        return queues.get(index);
    }

    @Override
    public PortCounters counters() {
        return counters;
    }

    @Override
    public boolean sharedWithKernel() {
        return false;
    }

    @Override
    public void own(OwnedAddresses addresses) {
        owned.add(addresses);
    }

    @Override
    public void setPromiscuous(boolean on) {
        promiscuous = on;
    }

    /** How often queues were released. */
    public int released() {
        return queues.stream().mapToInt(queue -> queue.released.get()).sum();
    }

    @Override
    public void close() {}

    private final class Queue implements PortQueue {
        private static final int STRIDE = 2048;

        private final AtomicInteger released = new AtomicInteger();
        private final ConcurrentLinkedQueue<byte[]> arriving = new ConcurrentLinkedQueue<>();
        private final EventDescriptor event = new EventDescriptor();
        private final long buffers =
                Arena.global().allocate((long) STRIDE * Burst.CAPACITY, 64).address();

        @Override
        public int receive(Burst burst) {
            burst.count = 0;
            event.clear();
            for (byte[] frame = next(burst); frame != null; frame = next(burst)) {
                long address = buffers + (long) burst.count * STRIDE + HEADROOM;
                VirtioNetHeader.clear(address);
                Memory.copyIn(frame, 0, address, frame.length);
                burst.add(address, frame.length);
            }
            return burst.count;
        }

        private byte @Nullable [] next(Burst burst) {
            return burst.isFull() ? null : arriving.poll();
        }

        @Override
        public void release() {
            released.incrementAndGet();
            if (!arriving.isEmpty()) {
                event.signal();
            }
        }

        @Override
        public void transmit(Burst burst) {
            if (failing) {
                throw new IllegalStateException("the device fails");
            }
            for (int i = 0; i < burst.count; i++) {
                byte[] frame = new byte[burst.length[i]];
                Memory.copyOut(burst.address[i], frame, 0, frame.length);
                sent.add(frame);
            }
            burst.count = 0;
        }

        @Override
        public PortCounters counters() {
            return counters;
        }

        @Override
        public int[] pollDescriptors() {
            return new int[] {event.descriptor()};
        }
    }
}

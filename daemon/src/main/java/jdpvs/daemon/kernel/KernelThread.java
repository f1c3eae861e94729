package jdpvs.daemon.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import jdpvs.linux.BootClock;
import jdpvs.linux.EventDescriptor;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.TapException;
import jdpvs.linux.Threads;
import jdpvs.linux.netlink.AddressMonitor;
import jdpvs.linux.netlink.InterfaceAddress;
import jdpvs.port.Port;
import jdpvs.port.PortQueue;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread beside the workers that keeps the link and the kernel company, so that their hellos and sessions live while workers are flooded:
 *
 * <pre>
 *  link ── control queue of the port ──→ kernel interface      what the kernel is to have ({@link jdpvs.port.KernelFrames})
 *  link ←─ control queue of the port ─── kernel interface      whatever the kernel sends
 *  netlink ──→ {@link Listener#addresses}                       the kernel's addresses
 *  interface removed ──→ made again
 *  netlink ──→ {@link Port#linksChanged}, a tick at once        links that come or go
 *  every 20 ms ──→ {@link Port#tick}                            bonds: LACP, carriers; {@link Listener#moved}
 * </pre>
 */
public final class KernelThread implements Runnable, AutoCloseable {
    static final int TICK_MILLIS = 20;

    private static final Logger LOG = LoggerFactory.getLogger("Kni");
    private static final long DEFECT_MILLIS = 1000;
    private static final long RENEWAL_MILLIS = 1000;
    private static final long JOIN_MILLIS = 2000;

    /** Who is told of what the thread sees; nobody there may block it. */
    public interface Listener {
        /** The kernel's addresses have changed. */
        void addresses(KernelHas now);

        /** Frames of a device began to go another way. */
        void moved(int device);
    }

    private final KernelInterfaces interfaces;
    private final @Nullable AddressMonitor monitor;
    private final Listener listener;
    private final IntPredicate linkUp;
    private final int cpu;
    private final List<PortSide> sides = new ArrayList<>();
    private final KernelPoll poll;
    private final KernelPassage passage = new KernelPassage();
    private final EventDescriptor stop = new EventDescriptor();
    private final BootClock clock = new BootClock();
    private @Nullable Thread thread;
    private volatile boolean stopping;
    private long nextTickMillis;
    private long nextRenewalMillis;
    /** Of the interfaces that are waited for. */
    private int version;

    private long toldMillis = Long.MIN_VALUE / 2;

    /**
     * @param ports by device id; the control queues of slaves are their bond's
     * @param linkUp whether a device's link is up and its operator wants it so
     * @param monitor null where nothing is to be followed, neither addresses beside a device nor a bond's carriers; closed with this
     * @param cpu to run on, -1 = any
     */
    public KernelThread(
            List<Port> ports,
            KernelInterfaces interfaces,
            IntPredicate linkUp,
            @Nullable AddressMonitor monitor,
            Listener listener,
            int cpu) {
        this.interfaces = interfaces;
        this.monitor = monitor;
        this.listener = listener;
        this.linkUp = linkUp;
        this.cpu = cpu;
        this.version = interfaces.version();
        Set<Port> slaves = PortSide.slaves(ports);
        for (int device = 0; device < ports.size(); device++) {
            Port port = ports.get(device);
            PortQueue control = slaves.contains(port) ? null : port.control();
            sides.add(new PortSide(device, port, control));
        }
        poll = new KernelPoll(stop.descriptor(), monitor == null ? -1 : monitor.descriptor(), sides, interfaces.all());
    }

    /** Whether there is a bond, whose carriers are to be followed. */
    public static boolean followsLinks(List<Port> ports) {
        return ports.stream().anyMatch(PortSide::isBond);
    }

    /** Whether ports need such a thread at all. */
    public static boolean isNeeded(List<Port> ports) {
        return ports.stream().anyMatch(port -> port.control() != null) || followsLinks(ports);
    }

    /** Native memory that it takes, in bytes. */
    public static long memoryBytes() {
        return KernelPassage.memoryBytes();
    }

    /** Any thread, before the start: what the kernel has now. */
    public KernelHas addresses() {
        AddressMonitor source = monitor;
        if (source == null) {
            return KernelHas.NOTHING;
        }
        Map<Integer, Set<Address>> byDevice = new HashMap<>();
        for (KernelInterface one : interfaces.all()) {
            byDevice.put(one.device(), addresses(source.addresses(one.name())));
        }
        return new KernelHas(byDevice, addresses(source.addresses()));
    }

    private static Set<Address> addresses(Set<InterfaceAddress> found) {
        return found.stream()
                .map(address -> new Address(address.high(), address.low()))
                .collect(Collectors.toUnmodifiableSet());
    }

    public void start() {
        thread = Thread.ofPlatform().name("kernel-side").daemon(true).start(this);
    }

    @Override
    public void run() {
        pin();
        while (!stopping) {
            try {
                cycle();
            } catch (Throwable e) {
                // Whatever it is, hellos must go on, and no CPU burn for it.
                defect(e);
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private void pin() {
        if (cpu < 0) {
            return;
        }
        try {
            Threads.pin(cpu);
        } catch (SystemCallException e) {
            LOG.warn("kernel side: CPU {} is not available ({}), running unpinned", cpu, e.reason());
        }
    }

    /** Waits for frames, a change of addresses or the next tick, and does what there is. */
    void cycle() {
        poll.await(Math.clamp(nextTickMillis - clock.millis(), 0, TICK_MILLIS));
        boolean noticed = poll.hasNotice();
        lookAtAddresses(noticed);
        if (noticed) {
            sides.forEach(PortSide::linksChanged);
        }
        long now = clock.millis();
        if (noticed || now >= nextTickMillis) {
            // Before frames are read: what the other end says first on a link that has just come would else be lost for
            // want of a carrier.
            nextTickMillis = now + TICK_MILLIS;
            tick(now);
        }
        follow();
        for (PortSide side : sides) {
            try {
                passage.fromLink(side, interfaces);
            } catch (RuntimeException e) {
                defect(e);
            }
        }
        for (KernelInterface one : interfaces.all()) {
            try {
                if (!passage.fromKernel(one)) {
                    lost(one);
                }
            } catch (RuntimeException e) {
                defect(e);
            }
        }
    }

    private void lookAtAddresses(boolean noticed) {
        AddressMonitor source = monitor;
        try {
            if (source != null && (noticed || source.isStale()) && source.update()) {
                listener.addresses(addresses());
            }
        } catch (RuntimeException e) {
            defect(e);
        }
    }

    /** VLAN devices may have come with interfaces that the kernel has given addresses before, or gone. */
    private void follow() {
        int now = interfaces.version();
        if (now != version) {
            version = now;
            poll.follow(sides, interfaces.all());
            if (monitor != null) {
                listener.addresses(addresses());
            }
        }
    }

    private void tick(long now) {
        for (PortSide side : sides) {
            try {
                if (side.tick(now)) {
                    listener.moved(side.device());
                }
            } catch (RuntimeException e) {
                defect(e);
            }
        }
        boolean renew = now >= nextRenewalMillis;
        for (KernelInterface one : interfaces.all()) {
            try {
                if (renew && !one.isPresent()) {
                    renew(one, false);
                }
                one.carrier(linkUp.test(one.device()));
            } catch (RuntimeException e) {
                defect(e);
            }
        }
        nextRenewalMillis = renew ? now + RENEWAL_MILLIS : nextRenewalMillis;
    }

    private void lost(KernelInterface one) {
        if (one.lose()) {
            LOG.warn(
                    "kernel interface {} of device {} was removed by somebody",
                    one.name(),
                    one.of().name());
            renew(one, true);
        }
    }

    /** @param first whether it has not failed before, which is told once */
    private void renew(KernelInterface one, boolean first) {
        try {
            one.renew();
            if (one.isPresent()) {
                LOG.warn(
                        "kernel interface {} of device {} was made again: it is down and has no addresses",
                        one.name(),
                        one.of().name());
            }
        } catch (TapException | SystemCallException e) {
            if (first) {
                LOG.error(
                        "kernel interface {} cannot be made again, which is tried every second: {}",
                        one.name(),
                        e.getMessage());
            }
        }
        poll.follow(sides, interfaces.all());
    }

    private void defect(Throwable e) {
        long now = clock.millis();
        if (now - toldMillis >= DEFECT_MILLIS) {
            toldMillis = now;
            LOG.error("a defect in the kernel side, please report it", e);
        }
    }

    /** Ends the thread; the interfaces are still open afterwards. */
    @Override
    public void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        stop.signal();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (running == null || !running.isAlive()) {
            // A thread that does not end may still write there.
            passage.close();
            stop.close();
            if (monitor != null) {
                monitor.close();
            }
        }
    }
}

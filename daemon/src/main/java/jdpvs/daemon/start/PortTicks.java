package jdpvs.daemon.start;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdpvs.linux.BootClock;
import jdpvs.port.Port;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets time pass for ports: carriers, and what links say to each other ({@link Port#tick}). */
final class PortTicks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("NETIF");
    private static final long INTERVAL_NANOS = 20_000_000;
    private static final long STOP_MILLIS = 2000;

    private final List<Port> ports;
    private final Thread thread =
            Thread.ofPlatform().name("port-ticks").daemon(true).unstarted(this::run);
    private volatile boolean stopping;
    private boolean defective;

    private PortTicks(List<Port> ports) {
        this.ports = List.copyOf(ports);
    }

    /** Begins; when this returns, every port has had its first tick and knows its carriers. */
    static PortTicks start(List<Port> ports) {
        PortTicks ticks = new PortTicks(ports);
        ticks.tick(new BootClock());
        ticks.thread.start();
        return ticks;
    }

    private void run() {
        BootClock clock = new BootClock();
        while (!stopping) {
            LockSupport.parkNanos(INTERVAL_NANOS);
            tick(clock);
        }
    }

    private void tick(BootClock clock) {
        for (Port port : ports) {
            try {
                port.tick(clock.millis());
            } catch (RuntimeException e) {
                // The other ports' links must not suffer, nor the log.
                if (!defective) {
                    defective = true;
                    LOG.error("{}: defect in the work of its link; please report it", port.name(), e);
                }
            }
        }
    }

    /** When this returns, no port is looked at any more. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package jdpvs.daemon.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import jdpvs.control.PacketEvent;
import jdpvs.linux.Mapping;
import jdpvs.port.filter.Filter;
import jdpvs.port.filter.FilterException;
import jdpvs.stack.WorkerContext;
import org.jspecify.annotations.Nullable;

/** One who watches all workers: a {@link PacketWatch} on each, and the thread that reads what they write, in the order of time. */
public final class Watcher implements AutoCloseable {
    private static final int RING_BYTES = 16 << 20;
    private static final long PAUSE_NANOS = 4_000_000;
    private static final long TICK_NANOS = 250_000_000;

    /** A worker may take so long between looking at the clock and publishing a record. */
    private static final long SETTLE_NANOS = 1_000_000;

    private final List<PacketWatch> watches = new ArrayList<>();
    private final List<Mapping> memory = new ArrayList<>();
    private final RecordReader reader;
    private long nextTick = System.nanoTime();

    /**
     * @param workers in worker order
     * @param filter each worker gets one of its own
     * @param device -1 = all
     * @throws FilterException with a sentence
     * @throws jdpvs.linux.SystemCallException when the memory is not to be had
     */
    public Watcher(
            List<WorkerContext> workers,
            String filter,
            int device,
            int snapLength,
            boolean follow,
            IntFunction<@Nullable String> deviceNames)
            throws FilterException {
        this.reader = new RecordReader(deviceNames);
        List<Filter> filters = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            filters.add(Filter.parse(filter));
        }
        try {
            for (int i = 0; i < workers.size(); i++) {
                Mapping mapping = Mapping.anonymous(PacketWatch.memoryBytes(RING_BYTES, snapLength), true);
                memory.add(mapping);
                watches.add(new PacketWatch(
                        workers.get(i), mapping.address(), RING_BYTES, filters.get(i), device, snapLength, follow));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** On a worker, in worker order. */
    public PacketWatch watch(int worker) {
        return watches.get(worker);
    }

    /** Shows events until the visitor answers false or the thread is interrupted; begins with a tick. */
    public void show(Predicate<PacketEvent> visitor) {
        while (!Thread.currentThread().isInterrupted()) {
            if (System.nanoTime() - nextTick >= 0) {
                nextTick = System.nanoTime() + TICK_NANOS;
                if (!visitor.test(PacketEvent.tick(wallNanos(), notShown()))) {
                    return;
                }
            }
            int shown = showSettled(visitor);
            if (shown < 0) {
                return;
            }
            if (shown == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** @return how many records were shown, or -1 when the visitor has seen enough */
    private int showSettled(Predicate<PacketEvent> visitor) {
        long until = wallNanos() - SETTLE_NANOS;
        long notShown = notShown();
        int shown = 0;
        while (true) {
            int oldest = -1;
            long oldestTime = until;
            for (int i = 0; i < watches.size(); i++) {
                long record = watches.get(i).ring().peek();
                if (record != 0 && WatchRecord.timeNanos(record) <= oldestTime) {
                    oldest = i;
                    oldestTime = WatchRecord.timeNanos(record);
                }
            }
            if (oldest < 0) {
                return shown;
            }
            WatchRing ring = watches.get(oldest).ring();
            long record = ring.peek();
            PacketEvent event = reader.event(oldest, record, notShown);
            ring.remove(record);
            if (!visitor.test(event)) {
                return -1;
            }
            shown++;
        }
    }

    private long notShown() {
        return watches.stream().mapToLong(watch -> watch.ring().notShown()).sum();
    }

    private static long wallNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** Gives the memory back; no worker may know any of the watches any more. */
    @Override
    public void close() {
        memory.forEach(Mapping::close);
        memory.clear();
    }
}

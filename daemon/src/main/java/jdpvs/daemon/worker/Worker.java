package jdpvs.daemon.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import jdpvs.linux.BootClock;
import jdpvs.linux.PollSet;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.Threads;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.port.PortQueue;
import jdpvs.stack.WorkerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker: a platform thread that runs packets to completion. {@link #doWork} is one cycle; between cycles without work it spins a
 * while, then sleeps until a queue has input, somebody rings, or the next tick is due.
 */
public final class Worker implements Runnable {
    public static final int TICK_MILLIS = 10;

    private static final Logger LOG = LoggerFactory.getLogger("DPVS");
    private static final int SPINS = 200;
    private static final VarHandle PUBLISHED;

    static {
        try {
            PUBLISHED = MethodHandles.lookup().findVarHandle(Worker.class, "published", Snapshot.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A receive queue and the device it belongs to. */
    public record Input(int device, PortQueue queue) {}

    private final String name;
    private final int cpu;
    private final WorkerContext context;
    private final WorkerEgress egress;
    private final HandoverPost post;
    private final Alarm alarm;
    private final PacketPath path;
    private final Input[] inputs;
    private final PollSet pollSet;
    private final boolean askOnly;
    private final CycleMeter meter = new CycleMeter();
    private final DefectLog defects = new DefectLog();
    private final EventLog events;
    private final BootClock clock = new BootClock();
    private final Burst burst = new Burst();

    private volatile Snapshot published;
    private Snapshot current;
    private volatile Snapshot adopted;
    private volatile boolean stopping;
    private volatile boolean pinned;
    private long nextTickMillis;
    private long cycleStart;
    private long clockOffsetNanos;

    Worker(
            String name,
            int cpu,
            WorkerContext context,
            WorkerEgress egress,
            HandoverPost post,
            Alarm alarm,
            PacketPath path,
            EventLog events,
            List<Input> inputs,
            Snapshot first) {
        this.name = name;
        this.cpu = cpu;
        this.context = context;
        this.egress = egress;
        this.post = post;
        this.alarm = alarm;
        this.path = path;
        this.events = events;
        this.inputs = inputs.toArray(Input[]::new);
        int[] descriptors = new int[inputs.size() + 1];
        boolean silent = false;
        for (int i = 0; i < this.inputs.length; i++) {
            descriptors[i] = this.inputs[i].queue().pollDescriptor();
            silent |= descriptors[i] < 0;
        }
        descriptors[inputs.size()] = alarm.descriptor();
        this.pollSet = new PollSet(descriptors);
        this.askOnly = silent;
        this.published = first;
        this.current = first;
        this.adopted = first;
        this.cycleStart = System.nanoTime();
        this.clockOffsetNanos = clock.nanos() - cycleStart;
        context.nowMillis = millis(cycleStart);
        context.network = first.network();
        path.adopt(first);
    }

    /** Control thread: what holds from the worker's next cycle on. */
    public void publish(Snapshot snapshot) {
        PUBLISHED.setRelease(this, snapshot);
        alarm.ring();
    }

    /** The configuration that the worker's last cycle worked with. */
    public Snapshot adopted() {
        return adopted;
    }

    /** Whether the worker runs on its CPU alone. */
    public boolean isPinned() {
        return pinned;
    }

    public String name() {
        return name;
    }

    public int cpu() {
        return cpu;
    }

    public CycleMeter meter() {
        return meter;
    }

    public WorkerContext context() {
        return context;
    }

    /** Control thread: writes down what went wrong since the last call. */
    public void writeLogs() {
        defects.write(LOG, name);
        events.write(current.network());
    }

    /** Control thread: ends {@link #run} after its current cycle. */
    public void stop() {
        stopping = true;
        alarm.ring();
    }

    @Override
    public void run() {
        pin();
        int idle = 0;
        while (!stopping) {
            if (doWork() > 0) {
                idle = 0;
            } else if (++idle > SPINS) {
                // A wake-up for a tick needs no new spin, a wake-up for frames gets one.
                idle = sleep() ? 0 : SPINS;
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void pin() {
        if (cpu < 0) {
            return;
        }
        try {
            Threads.pin(cpu);
            pinned = true;
        } catch (SystemCallException e) {
            LOG.warn("worker {}: CPU {} is not available ({}), running unpinned", name, cpu, e.reason());
        }
    }

    /** One cycle. @return frames taken in */
    int doWork() {
        Snapshot newest = (Snapshot) PUBLISHED.getAcquire(this);
        if (isNew(newest)) {
            current = newest;
            context.network = newest.network();
            path.adopt(newest);
        }
        context.nowMillis = millis(cycleStart);
        int frames = 0;
        for (Input input : inputs) {
            frames += receive(input);
        }
        if (post.senders() > 1) {
            frames += takeOver();
        }
        if (context.nowMillis >= nextTickMillis) {
            tick();
        }
        adopted = current;
        long end = System.nanoTime();
        meter.cycle(frames, end - cycleStart);
        cycleStart = end;
        return frames;
    }

    private int receive(Input input) {
        int count = 0;
        try {
            count = input.queue().receive(burst);
            process(input.device());
        } catch (Throwable e) {
            defect(e, 1);
        }
        finish();
        if (count > 0) {
            input.queue().release();
        }
        return count;
    }

    /** Frames that other workers found to be ours are processed in the rings' memory, which is given back after they are sent. */
    private int takeOver() {
        int frames = 0;
        for (int worker = 0; worker < post.senders(); worker++) {
            if (worker == context.index) {
                continue;
            }
            HandoverRing ring = post.from(worker);
            int device = -1;
            burst.count = 0;
            for (long record = ring.poll(); record != 0; record = burst.isFull() ? 0 : ring.poll()) {
                if (HandoverRing.kind(record) == HandoverRing.NEIGHBOUR) {
                    learn(record);
                    continue;
                }
                if (HandoverRing.device(record) != device) {
                    process(device);
                    device = HandoverRing.device(record);
                }
                burst.add(HandoverRing.frame(record), HandoverRing.length(record));
                frames++;
            }
            process(device);
            finish();
            ring.release();
        }
        return frames;
    }

    /** The burst, if there is anything in it. */
    private void process(int device) {
        if (burst.count == 0) {
            return;
        }
        long before = egress.accepted();
        try {
            path.process(device, burst);
        } catch (Throwable e) {
            // The frames behind the one that raised it are lost too; those before it were mostly sent.
            defect(e, Math.max(1, burst.count - (int) (egress.accepted() - before)));
        }
        burst.count = 0;
    }

    private void learn(long record) {
        try {
            path.learn(HandoverRing.device(record), HandoverRing.address(record), HandoverRing.macAddress(record));
        } catch (Throwable e) {
            defect(e, 1);
        }
    }

    private void tick() {
        long now = context.nowMillis;
        nextTickMillis = now + TICK_MILLIS;
        // The machine may have slept: nanoTime does not count that, the boot clock does.
        clockOffsetNanos = clock.nanos() - System.nanoTime();
        try {
            path.tick();
        } catch (Throwable e) {
            defect(e, 1);
        }
        finish();
    }

    private void finish() {
        try {
            egress.flush();
            post.wake();
        } catch (Throwable e) {
            defect(e, 1);
        }
        egress.endCycle();
    }

    /** A worker never dies of a packet. */
    private void defect(Throwable e, int frames) {
        for (int i = 0; i < frames; i++) {
            context.drops.count(DropReason.INTERNAL_ERROR);
        }
        defects.report(e);
    }

    /** Another object, whatever it holds: comparing contents would cost more than adopting them again. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isNew(Snapshot snapshot) {
        return snapshot != current;
    }

    private long millis(long nanoTime) {
        return (nanoTime + clockOffsetNanos) / 1_000_000;
    }

    /** @return whether there is something to do other than the tick */
    private boolean sleep() {
        alarm.fallAsleep();
        if (stopping || isNew((Snapshot) PUBLISHED.getAcquire(this)) || !post.isEmpty()) {
            alarm.wakeUp(false);
            return true;
        }
        long untilTick = Math.clamp(nextTickMillis - context.nowMillis, 0, TICK_MILLIS);
        // A queue without a descriptor has to be asked.
        int ready = pollSet.await(askOnly ? (int) Math.min(1, untilTick) : (int) untilTick);
        alarm.wakeUp(ready > 0 && pollSet.readable(inputs.length));
        cycleStart = System.nanoTime();
        return ready > 0;
    }
}

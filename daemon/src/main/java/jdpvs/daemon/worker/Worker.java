package jdpvs.daemon.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdpvs.daemon.watch.PacketWatches;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.Threads;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;
import jdpvs.port.Witness;
import jdpvs.stack.VlanTable;
import jdpvs.stack.WorkerContext;
import org.jspecify.annotations.Nullable;
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
    private final IdleWait wait;
    private final CycleMeter meter = new CycleMeter();
    private final DefectLog defects = new DefectLog();
    private final EventLog events;
    private final WorkerClock clock = new WorkerClock();
    private final Burst burst = new Burst();
    private final VlanSorter vlans;
    private final Mailbox mailbox = new Mailbox();

    private volatile Snapshot published;
    private Snapshot current;
    private volatile Snapshot adopted;
    private volatile @Nullable PacketWatches watches;
    private @Nullable PacketWatches watching;
    private volatile @Nullable PacketWatches watchesAdopted;
    private volatile @Nullable Witness copies;
    private @Nullable Witness copying;
    private volatile boolean stopping;
    private volatile boolean pinned;
    private long nextTickMillis;
    private long cycleStart;

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
        this.vlans = new VlanSorter(egress.vlanCounters());
        this.wait = new IdleWait(alarm, this.inputs);
        this.published = first;
        this.current = first;
        this.adopted = first;
        this.cycleStart = System.nanoTime();
        context.nowMillis = clock.millis(cycleStart);
        follow(first);
    }

    /** Control thread: what holds from the worker's next cycle on. */
    public void publish(Snapshot snapshot) {
        PUBLISHED.setRelease(this, snapshot);
        alarm.ring();
    }

    /**
     * Control thread: has the worker's thread run a small task between two of its cycles; {@code context.nowMillis} and the network are set then, and frames
     * that the task sends leave at its end.
     *
     * @return false when too many wait already
     */
    public boolean post(Runnable task) {
        boolean taken = mailbox.offer(task);
        alarm.ring();
        return taken;
    }

    /** The configuration that the worker's last cycle worked with. */
    public Snapshot adopted() {
        return adopted;
    }

    /** Control thread: who sees packets from the worker's next cycle on, null = nobody. */
    public void watch(@Nullable PacketWatches newWatches) {
        watches = newWatches;
        alarm.ring();
    }

    /** Control thread: who gets a copy of what is received and sent from the worker's next cycle on, null = nobody. */
    public void copy(@Nullable Witness newCopies) {
        copies = newCopies;
        alarm.ring();
    }

    /** Any thread: who saw packets in the worker's last cycle; whoever is not among them will not be told of any more. */
    public @Nullable PacketWatches watches() {
        return watchesAdopted;
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

    /** Any thread: what passed the queues of this worker. */
    public PortCounters queueCounters() {
        PortCounters sum = PortCounters.ZERO;
        for (Input input : inputs) {
            sum = sum.plus(input.queue().counters());
        }
        return sum;
    }

    /** Any thread: what passed a VLAN device by this worker. */
    public PortCounters vlanCounters(int device) {
        return egress.vlanCounters().read(device);
    }

    /** Control thread: writes down what went wrong since the last call. */
    public void writeLogs() {
        defects.write(LOG, name);
        events.write(current.network());
    }

    /** A control thread: addresses that other hosts claimed since the last time. */
    public List<Duplicate> duplicates() {
        return events.duplicates();
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
            try {
                idle = idleAfterCycle(idle);
            } catch (Throwable e) {
                // Nothing should get here; whatever it is, the other packets must not suffer, nor a CPU burn for it.
                defects.report(e);
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** One cycle, and what follows from it. @return cycles without work so far */
    private int idleAfterCycle(int idle) {
        if (doWork() > 0) {
            return 0;
        }
        if (idle < SPINS) {
            Thread.onSpinWait();
            return idle + 1;
        }
        // A wake-up for a tick needs no new spin, a wake-up for frames gets one.
        return sleep() ? 0 : SPINS;
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
            follow(newest);
        }
        PacketWatches wanted = watches;
        Witness copyTo = copies;
        if (isOther(wanted) || isOtherCopy(copyTo)) {
            copying = copyTo;
            adopt(wanted);
        }
        context.nowMillis = clock.millis(cycleStart);
        if (!mailbox.isEmpty()) {
            runPosted();
        }
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

    private void follow(Snapshot snapshot) {
        context.network = snapshot.network();
        egress.adopt(snapshot.network().vlans());
        path.adopt(snapshot);
    }

    /** From a posted task: a frame made by the worker's egress takes the way of one that was received on the device. */
    public void inject(int device, long frame, int length) {
        burst.count = 0;
        burst.add(frame, length);
        process(device, false);
    }

    private void runPosted() {
        for (Runnable task = mailbox.poll(); task != null; task = mailbox.poll()) {
            try {
                task.run();
            } catch (Throwable e) {
                defects.report(e);
            }
            finish();
        }
    }

    private int receive(Input input) {
        int count = 0;
        try {
            count = input.queue().receive(burst);
            if (copying != null) {
                copying.received(input.device(), burst);
            }
            if (context.network.vlans().isTrunk(input.device())) {
                processByVlan(input.device());
            } else {
                process(input.device(), false);
            }
        } catch (Throwable e) {
            defect(e);
        }
        finish();
        // Also when there was nothing: the queue may have taken slots whose frames it could not use.
        input.queue().release();
        return count;
    }

    private void processByVlan(int parent) {
        vlans.take(burst, parent, context.network.vlans());
        for (int device = vlans.next(burst); device != VlanTable.NONE; device = vlans.next(burst)) {
            process(device, false);
        }
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
                    process(device, true);
                    device = HandoverRing.device(record);
                }
                burst.add(HandoverRing.frame(record), HandoverRing.length(record));
                frames++;
            }
            process(device, true);
            finish();
            ring.release();
        }
        return frames;
    }

    /** The burst, if there is anything in it, frame by frame beyond one that raises an exception; leaves it empty. */
    private void process(int device, boolean takenOver) {
        if (watching != null && burst.count > 0) {
            show(device, takenOver);
        }
        boolean received = !takenOver;
        while (burst.count > 0) {
            context.position = 0;
            try {
                path.process(device, burst, received);
                burst.count = 0;
            } catch (Throwable e) {
                received = false;
                defect(e);
                dropFirst(context.position + 1);
            }
        }
        if (watching != null) {
            watching.ended();
        }
    }

    private void show(int device, boolean takenOver) {
        PacketWatches witness = watching;
        if (witness == null) {
            return;
        }
        try {
            if (takenOver) {
                witness.takenOver(device, burst);
            } else {
                witness.received(device, burst);
            }
        } catch (RuntimeException e) {
            // Whoever looks on must not cost a packet: then better nobody does.
            defects.report(e);
            watches = null;
            adopt(null);
        }
    }

    private void dropFirst(int frames) {
        int left = Math.max(0, burst.count - frames);
        System.arraycopy(burst.address, burst.count - left, burst.address, 0, left);
        System.arraycopy(burst.length, burst.count - left, burst.length, 0, left);
        burst.count = left;
        if (watching != null) {
            watching.skipped(frames);
        }
    }

    private void learn(long record) {
        try {
            path.learn(
                    HandoverRing.device(record),
                    HandoverRing.high(record),
                    HandoverRing.low(record),
                    HandoverRing.macAddress(record));
        } catch (Throwable e) {
            defect(e);
        }
    }

    private void tick() {
        long now = context.nowMillis;
        nextTickMillis = now + TICK_MILLIS;
        clock.set();
        try {
            path.tick();
        } catch (Throwable e) {
            defect(e);
        }
        finish();
    }

    private void finish() {
        try {
            egress.flush();
            post.wake();
        } catch (Throwable e) {
            defects.report(e);
            egress.abandon();
        }
        egress.endCycle();
    }

    /** A worker never dies of a packet. */
    private void defect(Throwable e) {
        context.drops.count(DropReason.INTERNAL_ERROR);
        defects.report(e);
    }

    /** Another object, whatever it holds: comparing contents would cost more than adopting them again. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isNew(Snapshot snapshot) {
        return snapshot != current;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isOther(@Nullable PacketWatches wanted) {
        return wanted != watching;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isOtherCopy(@Nullable Witness wanted) {
        return wanted != copying;
    }

    private void adopt(@Nullable PacketWatches witness) {
        watching = witness;
        context.witness(witness);
        egress.witness(witness, copying);
        watchesAdopted = witness;
    }

    /** @return whether there is something to do other than the tick */
    private boolean sleep() {
        wait.announce();
        if (stopping || isNew((Snapshot) PUBLISHED.getAcquire(this)) || !post.isEmpty() || !mailbox.isEmpty()) {
            wait.cancel();
            return true;
        }
        boolean work = wait.sleep(Math.clamp(nextTickMillis - context.nowMillis, 0, TICK_MILLIS));
        cycleStart = System.nanoTime();
        return work;
    }
}

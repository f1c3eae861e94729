package jdpvs.keepalived.vrrp;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.keepalived.program.Balancer;
import jdpvs.linux.EventDescriptor;
import jdpvs.linux.PollSet;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.Threads;
import jdpvs.linux.netlink.InterfaceMonitor;
import jdpvs.linux.netlink.Interfaces;
import jdpvs.process.Defects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All instances of this host, on one thread. */
public final class Vrrp {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_vrrp");
    private static final int DEFAULT_REAL_TIME_PRIORITY = 10;
    /** After a defect showed itself, so that it does not take the processor. */
    private static final long PAUSE_NANOS = 100_000_000;

    /** What failed is tried again by then. */
    private static final long LONGEST_WAIT_NANOS = 1_000_000_000;

    private final Engine engine;
    private final Watchers watchers;
    /** Never closed, for somebody may be about to signal it when VRRP stops. */
    private final EventDescriptor wake = new EventDescriptor();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private PollSet poll = new PollSet();
    private int realTimePriority;
    private boolean stopping;
    private volatile boolean stopped;

    private Vrrp(Balancer balancer, Notices notices, ScriptRunner scripts, Runnable changed, Interfaces interfaces) {
        engine = new Engine(balancer, notices, changed, interfaces);
        watchers = new Watchers(
                scripts, (kind, name, value) -> post(() -> engine.tracked(kind, name, value, System.nanoTime())));
        thread = Thread.ofPlatform().name("vrrp").daemon().unstarted(this::run);
    }

    /**
     * Begins without instances, in the calling thread's network namespace.
     *
     * @param changed called after every transition, on VRRP's thread: it must not wait
     */
    public static Vrrp start(Balancer balancer, Notices notices, ScriptRunner scripts, Runnable changed) {
        return start(balancer, notices, scripts, changed, InterfaceMonitor.open());
    }

    /** @param interfaces of the calling thread's network namespace; closed in the end */
    static Vrrp start(
            Balancer balancer, Notices notices, ScriptRunner scripts, Runnable changed, Interfaces interfaces) {
        Vrrp vrrp = new Vrrp(balancer, notices, scripts, changed, interfaces);
        vrrp.thread.start();
        return vrrp;
    }

    /** Makes the instances those of a configuration; what did not change goes on undisturbed. Returns when that is done. */
    public void load(KeepalivedConfiguration configuration) {
        call(() -> {
            setRealTime(configuration.global().realTimePriority());
            engine.load(configuration, System.nanoTime());
            watchers.load(configuration);
            return true;
        });
    }

    /** Which addresses this host's masters hold. */
    public Set<IpAddress> held() {
        return engine.held();
    }

    public List<KeepalivedReport.Instance> report() {
        return call(engine::report);
    }

    /**
     * Masters say that they leave.
     *
     * @param keep whether addresses stay on dpvs
     */
    public void stop(boolean keep) {
        if (stopped) {
            return;
        }
        call(() -> {
            engine.stop(keep);
            watchers.stop();
            stopping = true;
            return true;
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(Runnable task) {
        tasks.add(task);
        if (!stopped) {
            wake.signal();
        }
    }

    /** Has VRRP's thread do something; afterwards, when that has ended, the caller's. */
    private <T> T call(Callable<T> what) {
        FutureTask<T> task = new FutureTask<>(what);
        post(task);
        if (stopped || Thread.currentThread() == thread) {
            task.run();
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        Threads.setTimerSlack(1);
        while (!stopping) {
            // Whatever it is: a master that is silent and keeps its addresses is worse.
            if (!Defects.survive(LOG, "VRRP", this::turn)) {
                int ignored = new PollSet().awaitNanos(PAUSE_NANOS);
            }
        }
        engine.close();
        stopped = true;
        // Whoever asked meanwhile.
        runTasks();
    }

    /** Waits and does what is due: what was heard first, so that a thread that was held up does not take over from a master that lives. */
    private void turn() {
        int[] descriptors = engine.descriptors();
        if (descriptors != null) {
            int[] all = new int[descriptors.length + 1];
            all[0] = wake.descriptor();
            System.arraycopy(descriptors, 0, all, 1, descriptors.length);
            poll = new PollSet(all);
        }
        long deadline = engine.deadline();
        long now = System.nanoTime();
        long nanos = deadline <= now ? 0 : Math.min(deadline - now, LONGEST_WAIT_NANOS);
        int ignored = poll.awaitNanos(nanos);
        wake.clear();
        engine.receive(System.nanoTime());
        runTasks();
        engine.interfaces(System.nanoTime());
        engine.timers(System.nanoTime());
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void setRealTime(int configured) {
        int wanted = configured == 0 ? DEFAULT_REAL_TIME_PRIORITY : configured;
        if (wanted == realTimePriority) {
            return;
        }
        realTimePriority = wanted;
        try {
            Threads.setRealTime(wanted);
        } catch (SystemCallException e) {
            LOG.info(
                    "VRRP's thread has no real-time priority: {}. On a busy machine advertisements may be late; CAP_SYS_NICE allows it",
                    e.reason());
        }
    }
}

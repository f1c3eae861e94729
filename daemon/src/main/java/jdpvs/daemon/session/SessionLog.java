package jdpvs.daemon.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdpvs.balancer.session.SessionRing;
import jdpvs.linux.BootClock;
import jdpvs.process.Defects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the workers' events out of their rings and writes them down, in a thread of its own. What cannot be written is lost, counted, and said both in
 * the daemon's log and, once there is room again, in the session log: forwarding goes on.
 */
public final class SessionLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("SESSION");
    private static final long PAUSE_NANOS = 10_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int TRY_AGAIN_SECONDS = 10;
    private static final int LINES_PER_WRITE = 256;

    private final List<SessionRing> rings;
    private final List<String> workers;
    private final SessionSink sink;
    private final String target;
    private final BootClock clock = new BootClock();
    private final StringBuilder lines = new StringBuilder(LINES_PER_WRITE * 256);
    private final Thread thread;
    private final long[] lostSeen;

    private long unwritten;
    private boolean failed;
    private long notBeforeNanos = System.nanoTime();
    private long nextSecondNanos = System.nanoTime();
    private volatile boolean reopen;
    private volatile boolean stopping;

    private SessionLog(List<SessionRing> rings, List<String> workers, SessionSink sink, String target) {
        this.rings = List.copyOf(rings);
        this.workers = List.copyOf(workers);
        this.sink = sink;
        this.target = target;
        this.lostSeen = new long[rings.size()];
        this.thread = Thread.ofPlatform().name("session-log").daemon(true).unstarted(this::run);
    }

    /**
     * @param target a file, or {@code syslog}
     * @param rings in worker order
     * @param workers their names
     */
    public static SessionLog start(String target, List<SessionRing> rings, List<String> workers) {
        SessionSink sink = target.equals("syslog") ? new SessionSyslog() : new SessionFile(Path.of(target));
        SessionLog log = new SessionLog(rings, workers, sink, target);
        log.thread.start();
        return log;
    }

    /** A log rotation has happened (SIGHUP). */
    public void reopen() {
        reopen = true;
    }

    private void run() {
        while (!stopping) {
            if (cycle() == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        // What the workers said before they stopped.
        while (cycle() > 0) {
            Thread.onSpinWait();
        }
        sink.close();
    }

    /** @return events taken */
    private int cycle() {
        try {
            // The thread must live on, or the rings fill and every later line is lost.
            return Defects.survive(LOG, "the session log", 0, () -> {
                everySecond();
                return drain();
            });
        } catch (IOException e) {
            failure(e);
            return 0;
        }
    }

    private int drain() throws IOException {
        int taken = 0;
        long bootEpoch = System.currentTimeMillis() - clock.millis();
        for (int i = 0; i < rings.size(); i++) {
            SessionRing ring = rings.get(i);
            int count = 0;
            for (long event = ring.peek(); event != 0 && count < LINES_PER_WRITE; event = ring.peek()) {
                SessionLine.append(lines, event, workers.get(i), bootEpoch);
                ring.release();
                count++;
            }
            taken += count;
            if (count > 0) {
                write(count);
            }
        }
        return taken;
    }

    private void write(int count) throws IOException {
        if (failed && System.nanoTime() - notBeforeNanos < 0) {
            unwritten += count;
            lines.setLength(0);
            return;
        }
        try {
            sink.write(lines);
        } catch (IOException e) {
            unwritten += count;
            throw e;
        } finally {
            lines.setLength(0);
        }
        if (failed) {
            failed = false;
            LOG.info("session_log {}: lines are written again", target);
        }
        if (unwritten > 0) {
            long lost = unwritten;
            unwritten = 0;
            sayLost(lost, "could not be written");
        }
    }

    private void everySecond() throws IOException {
        long now = System.nanoTime();
        if (now - nextSecondNanos < 0 && !reopen) {
            return;
        }
        nextSecondNanos = now + SECOND_NANOS;
        boolean anyway = reopen;
        reopen = false;
        if (anyway) {
            notBeforeNanos = now;
        }
        long lost = 0;
        for (int i = 0; i < lostSeen.length; i++) {
            long count = rings.get(i).lost();
            lost += count - lostSeen[i];
            lostSeen[i] = count;
        }
        if (lost > 0) {
            LOG.warn("session_log {}: {} lines were lost, for they came faster than they can be written", target, lost);
            sayLost(lost, "came faster than they can be written");
        }
        sink.follow(anyway);
    }

    private void sayLost(long count, String why) throws IOException {
        StringBuilder line =
                new StringBuilder("time=").append(java.time.Instant.now()).append(" event=lost lines=");
        sink.write(line.append(count).append(" why=\"").append(why).append("\"\n"));
    }

    private void failure(IOException e) {
        if (!failed) {
            LOG.error(
                    "session_log cannot be written: {}; its lines are lost until it can, tried every {} s",
                    e.getMessage(),
                    TRY_AGAIN_SECONDS);
        }
        failed = true;
        notBeforeNanos = System.nanoTime() + TRY_AGAIN_SECONDS * SECOND_NANOS;
    }

    /** Writes what is left; the workers have stopped. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

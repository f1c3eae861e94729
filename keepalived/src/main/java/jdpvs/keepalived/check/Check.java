package jdpvs.keepalived.check;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One check at work: a virtual thread that sleeps, asks, tells. Its state changes under the lock of {@link Health}. */
final class Check {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_healthcheckers");

    /** So often a check that is suspended looks whether it still is. */
    private static final long SUSPENDED_NANOS = 1_000_000_000L;

    private static final long TICK_NANOS = 20_000_000L;

    private final CheckSettings settings;
    private final Probe probe;
    private final CheckTexts texts;
    private final CheckState state;
    private final Thread thread;
    private boolean stopped;
    private long sinceMillis = System.currentTimeMillis();
    private long checkedMillis;
    private String error = "";
    private long errorMillis;
    private long attempts;
    private long failures;

    /** Gets results, on the check's thread. */
    interface Listener {
        void result(Check check, Result result, long started, long ended);
    }

    /**
     * @param up what is believed at first
     * @param settled whether that is known
     * @param suspended whether the check is to pause
     */
    Check(
            CheckSettings settings,
            Probe probe,
            CheckTexts texts,
            boolean up,
            boolean settled,
            BooleanSupplier suspended,
            Listener listener) {
        this.settings = settings;
        this.probe = probe;
        this.texts = texts;
        long warmup = settings.timing().warmup().toNanos();
        long first = System.nanoTime()
                + (warmup <= 0 ? 0 : ThreadLocalRandom.current().nextLong(warmup));
        this.state = new CheckState(settings.timing(), probe.successesNeeded(), up, settled, first);
        this.thread = Thread.ofVirtual().unstarted(() -> work(suspended, listener));
    }

    void start() {
        thread.start();
    }

    /** Its results do not count any more. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    /** Waits until it has ended. */
    void join(long millis) throws InterruptedException {
        if (thread.getState() != Thread.State.NEW) {
            thread.join(Math.max(1, millis));
        }
    }

    CheckSettings settings() {
        return settings;
    }

    boolean up() {
        return state.up();
    }

    boolean hasRun() {
        return state.hasRun();
    }

    boolean stopped() {
        return stopped;
    }

    private void work(BooleanSupplier suspended, Listener listener) {
        Throwable defect = null;
        try {
            while (true) {
                try {
                    if (defect != null) {
                        Throwable last = defect;
                        defect = null;
                        sleepUntil(System.nanoTime() + SUSPENDED_NANOS);
                        LOG.error("{}", texts.attempt("defect, it goes on"), last);
                    }
                    once(suspended, listener);
                } catch (RuntimeException | Error e) {
                    // A check that ended here would leave its server as it is for ever. It may be memory that lacks:
                    // then
                    // not even a line can be written now.
                    defect = e;
                }
            }
        } catch (InterruptedException _) {
            // That is how it ends.
        }
    }

    private void once(BooleanSupplier suspended, Listener listener) throws InterruptedException {
        sleepUntil(state.next());
        while (suspended.getAsBoolean()) {
            sleepUntil(System.nanoTime() + SUSPENDED_NANOS);
        }
        long started = System.nanoTime();
        listener.result(this, ask(), started, System.nanoTime());
    }

    private Result ask() throws InterruptedException {
        try {
            return probe.run(state.up());
        } catch (RuntimeException e) {
            LOG.error("{}", texts.attempt("the check itself is broken"), e);
            return Result.failure("the check itself is broken: " + e);
        } catch (Error e) {
            // No memory or no thread left, for example.
            return Result.undecided(String.valueOf(e));
        }
    }

    /** A little longer if need be: so thousands of checks wake in groups, which costs less than each alone. */
    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > TICK_NANOS) {
            left += TICK_NANOS - Math.floorMod(nanos, TICK_NANOS);
        }
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Takes a result in and logs what is to be said of it. */
    CheckState.Event record(Result result, long started, long ended) {
        if (!result.decided()) {
            if (!result.reason().equals(error)) {
                LOG.warn("{}", texts.attempt("not asked, which says nothing of the server: " + result.reason()));
            }
            error = result.reason();
            errorMillis = System.currentTimeMillis();
            state.undecided(ended);
            return CheckState.Event.NONE;
        }
        attempts++;
        checkedMillis = System.currentTimeMillis();
        if (!result.ok()) {
            failures++;
            error = result.reason();
            errorMillis = checkedMillis;
        }
        CheckState.Event event = state.result(result.ok(), started, ended);
        if (!result.ok() && (event == CheckState.Event.DOWN || settings.timing().logAllFailures())) {
            LOG.info("{}", texts.attempt(result.reason()));
        }
        switch (event) {
            case UP -> {
                sinceMillis = checkedMillis;
                LOG.info("{}", texts.success());
            }
            case DOWN -> {
                sinceMillis = checkedMillis;
                LOG.info("{}", texts.failure(state.retriesUsed(), result.reason()));
            }
            case NONE, RETRY -> {}
        }
        return event;
    }

    KeepalivedReport.Check report() {
        return new KeepalivedReport.Check(
                settings.keyword(),
                texts.target(),
                state.up(),
                sinceMillis,
                checkedMillis,
                error,
                errorMillis,
                attempts,
                failures);
    }
}

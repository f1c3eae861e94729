package jdpvs.keepalived.program;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import jdpvs.control.Control;
import jdpvs.control.ControlException;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.VirtualRoute;
import jdpvs.process.Defects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a running dpvs have what is wanted. One thread knows what is wanted and what is there, and sends the difference; it waits for nothing but news. Addresses do not wait for services: they
 * have a connection of their own, and share a transaction with services only when both were asked for {@link #together} and neither has one under way.
 */
public final class Programmer implements Balancer, AutoCloseable {
    static final Logger LOG = LoggerFactory.getLogger("Keepalived_program");

    private static final long CLOSE_MILLIS = 5000;

    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final AtomicBoolean newsUnderWay = new AtomicBoolean();
    private final Wishes wishes = new Wishes(this::news);
    private final Programming programming;
    private final Thread thread;

    private Programmer(Control control, Supplier<KeepalivedReport> report, Programming.Times times) {
        Dpvs dpvs = new Dpvs(control, new Inbound(), times.retryMillis());
        programming = new Programming(dpvs, wishes, report, times);
        thread = Thread.ofPlatform().name("programmer").daemon(true).unstarted(this::run);
        thread.start();
        dpvs.listen();
    }

    /** @param report asked for after each change, and sent to dpvs; called on threads of its own */
    public static Programmer start(Control control, Supplier<KeepalivedReport> report) {
        return start(control, report, Programming.Times.NORMAL);
    }

    static Programmer start(Control control, Supplier<KeepalivedReport> report, Programming.Times times) {
        return new Programmer(control, report, times);
    }

    @Override
    public void services(Map<ServiceKey, WantedService> wanted) {
        wishes.services(wanted);
    }

    @Override
    public void addresses(Set<WantedAddress> wanted) {
        wishes.addresses(wanted);
    }

    @Override
    public void routes(Set<VirtualRoute> wanted) {
        wishes.routes(wanted);
    }

    @Override
    public void announce(Collection<WantedAddress> addresses) {
        wishes.announce(addresses);
    }

    /** A transaction that is larger than {@link ServiceDifference#MOST_CHANGES}, or finds another one under way, becomes several. */
    @Override
    public void together(Runnable action) {
        wishes.together(action);
    }

    /** What dpvs would not do, one sentence each. */
    public List<String> refused() {
        return programming.refused();
    }

    /** What is ours on dpvs, as of the last report. */
    public KeepalivedReport.Made made() {
        return programming.made();
    }

    /** Whether all services that dpvs has at the first contact are ours, whoever made them: those that are not wanted go. To be called before it is said which are. */
    public void takeOverServices(boolean all) {
        wishes.takeOverServices(all);
    }

    /** The report is another now. None is asked for before the first call. */
    public void reportChanged() {
        programming.reportChanged();
        news();
    }

    /** Carries out what is wanted, for a few seconds at most, then ends. */
    @Override
    public void close() {
        inbox.add(() -> programming.end(CLOSE_MILLIS));
        try {
            thread.join(CLOSE_MILLIS + 1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void news() {
        if (newsUnderWay.compareAndSet(false, true)) {
            inbox.add(() -> newsUnderWay.set(false));
        }
    }

    private void run() {
        try {
            while (!programming.hasEnded()) {
                // Without this thread a master would have no addresses.
                if (!Defects.survive(LOG, "programming dpvs", this::turn)) {
                    programming.doubt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() throws InterruptedException {
        Runnable first = inbox.poll(programming.waitMillis(), TimeUnit.MILLISECONDS);
        for (Runnable news = first; news != null; news = inbox.poll()) {
            news.run();
        }
        programming.step();
    }

    /** Carries what dpvs says to the thread that acts on it. */
    private final class Inbound implements Dpvs.Listener {
        @Override
        public void heard(String instance) {
            inbox.add(() -> programming.heard(instance));
        }

        @Override
        public void lost(String reason) {
            inbox.add(() -> programming.lost(reason));
        }

        @Override
        public void applied(Plan plan) {
            inbox.add(() -> programming.applied(plan));
        }

        @Override
        public void refused(Plan plan, ControlException refusal) {
            inbox.add(() -> programming.refused(plan, refusal));
        }

        @Override
        public void unknown(Plan plan, String reason) {
            inbox.add(() -> programming.unknown(plan, reason));
        }

        @Override
        public void read(Actual actual) {
            inbox.add(() -> programming.read(actual));
        }

        @Override
        public void unread(String reason) {
            inbox.add(() -> programming.unread(reason));
        }

        @Override
        public void reported() {
            inbox.add(programming::reported);
        }
    }
}

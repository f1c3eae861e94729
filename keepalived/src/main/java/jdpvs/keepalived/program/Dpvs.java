package jdpvs.keepalived.program;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import jdpvs.control.Change;
import jdpvs.control.Control;
import jdpvs.control.ControlException;
import jdpvs.control.Event;
import jdpvs.control.KeepalivedReport;
import jdpvs.process.Defects;

/** dpvs, asked without waiting: each call runs on a thread of its own, and its end is told to a listener. */
final class Dpvs {
    /** Called on any thread; must not wait. */
    interface Listener {
        /** Events come from now on. */
        void heard(String instance);

        void lost(String reason);

        void applied(Plan plan);

        void refused(Plan plan, ControlException refusal);

        /** Nobody knows whether the transaction was applied. */
        void unknown(Plan plan, String reason);

        void read(Actual actual);

        void unread(String reason);

        void reported();
    }

    private final Control control;
    private final Listener listener;
    private final long retryMillis;
    private volatile boolean closed;

    /** @param retryMillis how long to wait before dpvs is called again that was not there */
    Dpvs(Control control, Listener listener, long retryMillis) {
        this.control = control;
        this.listener = listener;
        this.retryMillis = retryMillis;
    }

    /** Tells from now on when dpvs comes and goes. */
    void listen() {
        Thread.ofVirtual().name("dpvs-events").start(this::listenUntilClosed);
    }

    void close() {
        closed = true;
    }

    private void listenUntilClosed() {
        try {
            while (!closed) {
                String reason = events();
                if (!closed) {
                    listener.lost(reason);
                    Thread.sleep(retryMillis);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return why they ended */
    private String events() {
        try {
            control.events(event -> {
                if (event.kind() == Event.Kind.READY) {
                    listener.heard(event.instance());
                }
                return !closed;
            });
            return "it has ended";
        } catch (ControlException e) {
            return sentence(e);
        } catch (IOException | RuntimeException | Error e) {
            return String.valueOf(e.getMessage());
        }
    }

    void apply(Plan plan) {
        List<Change> changes = plan.changes();
        Thread.ofVirtual().name("dpvs-apply").start(() -> {
            try {
                control.apply(changes);
                listener.applied(plan);
            } catch (ControlException e) {
                listener.refused(plan, e);
            } catch (IOException | RuntimeException | Error e) {
                listener.unknown(plan, String.valueOf(e.getMessage()));
            }
        });
    }

    void read() {
        Thread.ofVirtual().name("dpvs-read").start(() -> {
            try {
                listener.read(Actual.read(control));
            } catch (IOException | RuntimeException | Error e) {
                listener.unread(String.valueOf(e.getMessage()));
            }
        });
    }

    /** A report that is lost is followed by the next one. */
    void report(Supplier<KeepalivedReport> report) {
        Thread.ofVirtual().name("dpvs-report").start(() -> {
            try {
                Defects.survive(Programmer.LOG, "the report", () -> control.report(report.get()));
            } catch (IOException e) {
                Programmer.LOG.debug("dpvs does not take the report: {}", e.getMessage());
            } finally {
                listener.reported();
            }
        });
    }

    static String sentence(ControlException refusal) {
        return refusal.code().text() + ": " + refusal.getMessage();
    }

    @Override
    public String toString() {
        return control.toString();
    }
}

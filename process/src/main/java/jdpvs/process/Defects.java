package jdpvs.process;

import java.time.Duration;
import org.slf4j.Logger;

/** For work that others rely on: a defect in it, whatever it throws, is logged, and does not end the thread. What it is declared to throw is nobody's defect and passes. */
public final class Defects {
    /** @param <X> what it may throw */
    @FunctionalInterface
    public interface Work<X extends Exception> {
        void run() throws X;
    }

    /** @param <X> what it may throw */
    @FunctionalInterface
    public interface Task<T, X extends Exception> {
        T call() throws X;
    }

    private Defects() {}

    /**
     * @param log whom it is told
     * @param what was done, as {@code defect in … } goes on
     * @return whether it did all of it
     */
    public static <X extends Exception> boolean survive(Logger log, String what, Work<X> work) throws X {
        return survive(log, what, false, () -> {
            work.run();
            return true;
        });
    }

    /** @param otherwise the result after a defect */
    public static <T, X extends Exception> T survive(Logger log, String what, T otherwise, Task<T, X> task) throws X {
        try {
            return task.call();
        } catch (RuntimeException | Error e) {
            tell(log, what, e);
            return otherwise;
        }
    }

    private static void tell(Logger log, String what, Throwable defect) {
        try {
            log.error("defect in {}; please report it", what, defect);
        } catch (RuntimeException | Error _) {
            // It may be memory that lacks: then not even a line can be written.
        }
    }

    /**
     * Again and again, until the thread is interrupted.
     *
     * @param pause after a defect, before it is told: so that it does not take the processor, and there may be memory again to tell it
     */
    public static void repeat(Logger log, String what, Duration pause, Work<InterruptedException> work) {
        Throwable defect = null;
        try {
            while (true) {
                try {
                    if (defect != null) {
                        Throwable last = defect;
                        defect = null;
                        Thread.sleep(pause);
                        tell(log, what, last);
                    }
                    work.run();
                } catch (RuntimeException | Error e) {
                    defect = e;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

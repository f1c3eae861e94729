package jdpvs.daemon.plane;

import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Event;

/** Clients that stay to hear when dpvs goes and comes; each on the thread that asked. */
final class Listeners {
    /** One keepalived is one of them. */
    static final int MOST = 16;

    private static final long TICK_MILLIS = 500;

    private final String instance;
    private final Semaphore free = new Semaphore(MOST);

    Listeners(String instance) {
        this.instance = instance;
    }

    /** Tells of events until the visitor answers false, or its thread is interrupted. */
    void tell(Predicate<Event> visitor) throws ControlException {
        if (!free.tryAcquire()) {
            throw new ControlException(
                    ErrorCode.NO_RESOURCE, MOST + " clients listen to events already; end one of them first");
        }
        try {
            boolean more = visitor.test(new Event(Event.Kind.READY, instance));
            while (more) {
                Thread.sleep(TICK_MILLIS);
                more = visitor.test(new Event(Event.Kind.TICK, instance));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            free.release();
        }
    }
}

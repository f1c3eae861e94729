package jdpvs.daemon.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdpvs.linux.EventDescriptor;

/**
 * Wakes a worker that sleeps. The worker announces its sleep, then looks once more for work; whoever brings work looks for the announcement
 * afterwards: with a full fence on both sides at least one of them sees the other, so no work waits while its worker sleeps.
 */
final class Alarm implements AutoCloseable {
    private static final VarHandle ASLEEP;

    static {
        try {
            ASLEEP = MethodHandles.lookup().findVarHandle(Alarm.class, "asleep", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EventDescriptor event = new EventDescriptor();
    private volatile boolean asleep;

    int descriptor() {
        return event.descriptor();
    }

    /** Anyone who has brought work. */
    void ring() {
        VarHandle.fullFence();
        if ((boolean) ASLEEP.getOpaque(this)) {
            event.signal();
        }
    }

    /** The worker, before its last look for work. */
    void fallAsleep() {
        asleep = true;
        VarHandle.fullFence();
    }

    /** The worker, after its wait. */
    void wakeUp(boolean rung) {
        asleep = false;
        if (rung) {
            event.clear();
        }
    }

    @Override
    public void close() {
        event.close();
    }
}

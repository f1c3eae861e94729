package jdpvs.daemon.worker;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Small tasks that control threads want a worker's own thread to run between two of its cycles, in the order in which they came. Bounded: the
 * worker takes each with one load and one store and never waits; those who give, wait for each other.
 */
final class Mailbox {
    private static final int CAPACITY = 64;

    private final AtomicReferenceArray<@Nullable Runnable> slots = new AtomicReferenceArray<>(CAPACITY);
    private int tail;
    /** The worker's alone. */
    private int head;

    /** Any thread but the worker. @return false when it is full */
    synchronized boolean offer(Runnable task) {
        int slot = tail & (CAPACITY - 1);
        if (slots.getAcquire(slot) != null) {
            return false;
        }
        slots.setRelease(slot, task);
        tail++;
        return true;
    }

    /** The worker. */
    boolean isEmpty() {
        return slots.getAcquire(head & (CAPACITY - 1)) == null;
    }

    /** The worker. */
    @Nullable Runnable poll() {
        int slot = head & (CAPACITY - 1);
        Runnable task = slots.getAcquire(slot);
        if (task != null) {
            slots.setRelease(slot, null);
            head++;
        }
        return task;
    }
}

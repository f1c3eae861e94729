package jdpvs.daemon.worker;

import jdpvs.linux.BootClock;

/** CLOCK_BOOTTIME from the cheaper nanoTime that every cycle reads anyway, set anew at every tick: nanoTime does not count a machine's sleep. */
final class WorkerClock {
    private final BootClock bootClock = new BootClock();
    private long offsetNanos;

    WorkerClock() {
        set();
    }

    void set() {
        offsetNanos = bootClock.nanos() - System.nanoTime();
    }

    long millis(long nanoTime) {
        return (nanoTime + offsetNanos) / 1_000_000;
    }
}

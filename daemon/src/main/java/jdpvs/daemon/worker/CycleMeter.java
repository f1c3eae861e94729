package jdpvs.daemon.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How a worker spends its time: written by the worker, read by anyone. A cycle that moved a frame is busy from its begin to its end. */
public final class CycleMeter {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int CYCLES = 0;
    private static final int BUSY_CYCLES = 1;
    private static final int BUSY_NANOS = 2;
    private static final int PACKETS = 3;
    private static final int LONGEST_NANOS = 4;

    /** In the middle of its own cache lines. */
    private final long[] cells = new long[24];

    void cycle(int packets, long nanos) {
        add(CYCLES, 1);
        if (packets > 0) {
            add(BUSY_CYCLES, 1);
            add(BUSY_NANOS, nanos);
            add(PACKETS, packets);
            if (nanos > cells[8 + LONGEST_NANOS]) {
                CELL.setOpaque(cells, 8 + LONGEST_NANOS, nanos);
            }
        }
    }

    private void add(int cell, long amount) {
        CELL.setOpaque(cells, 8 + cell, cells[8 + cell] + amount);
    }

    private long get(int cell) {
        return (long) CELL.getOpaque(cells, 8 + cell);
    }

    public long cycles() {
        return get(CYCLES);
    }

    public long busyCycles() {
        return get(BUSY_CYCLES);
    }

    public long busyNanos() {
        return get(BUSY_NANOS);
    }

    public long packets() {
        return get(PACKETS);
    }

    /** The longest busy cycle so far. */
    public long longestNanos() {
        return get(LONGEST_NANOS);
    }
}

package jdpvs.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts of one queue: written by its worker, read by anyone. */
public final class QueueCounters {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    /** Cells stand a cache line apart from what else may lie beside the array. */
    private static final int PADDING = 8;

    private static final int RECEIVED_PACKETS = PADDING;
    private static final int RECEIVED_BYTES = PADDING + 1;
    private static final int SENT_PACKETS = PADDING + 2;
    private static final int SENT_BYTES = PADDING + 3;
    private static final int RECEIVE_ERRORS = PADDING + 4;
    private static final int TRANSMIT_ERRORS = PADDING + 5;
    private static final int RECEIVE_UNUSED = PADDING + 6;

    private final long[] cells = new long[2 * PADDING + 8];

    public void received(int packets, long bytes) {
        add(RECEIVED_PACKETS, packets);
        add(RECEIVED_BYTES, bytes);
    }

    public void sent(int packets, long bytes) {
        add(SENT_PACKETS, packets);
        add(SENT_BYTES, bytes);
    }

    /** Frames that could not be taken. */
    public void receiveErrors(int packets) {
        add(RECEIVE_ERRORS, packets);
    }

    /** Frames that the device refused. */
    public void transmitErrors(int packets) {
        add(TRANSMIT_ERRORS, packets);
    }

    /** Received frames that came in by a slave which its bond does not use. */
    public void receiveUnused(int packets) {
        add(RECEIVE_UNUSED, packets);
    }

    /**
     * Any thread.
     *
     * @param receiveMissed what the device says it lost before us
     */
    public PortCounters read(long receiveMissed) {
        return new PortCounters(
                get(RECEIVED_PACKETS),
                get(RECEIVED_BYTES),
                get(SENT_PACKETS),
                get(SENT_BYTES),
                get(RECEIVE_ERRORS),
                get(TRANSMIT_ERRORS),
                receiveMissed,
                get(RECEIVE_UNUSED));
    }

    private void add(int cell, long amount) {
        CELL.setOpaque(cells, cell, cells[cell] + amount);
    }

    private long get(int cell) {
        return (long) CELL.getOpaque(cells, cell);
    }
}

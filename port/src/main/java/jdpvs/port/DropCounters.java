package jdpvs.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One worker's drops by reason: written by that worker, read by anyone. */
public final class DropCounters {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final DropReason[] REASONS = DropReason.values();

    private final long[] counts = new long[REASONS.length];
    private @Nullable Witness witness;

    /** Called by the owning worker only. */
    public void count(DropReason reason) {
        int i = reason.ordinal();
        CELL.setOpaque(counts, i, counts[i] + 1);
        if (witness != null) {
            witness.dropped(reason);
        }
    }

    /** Called by the owning worker only: who is told of each drop, or null. */
    public void witness(@Nullable Witness newWitness) {
        witness = newWitness;
    }

    public long get(DropReason reason) {
        return (long) CELL.getOpaque(counts, reason.ordinal());
    }
}

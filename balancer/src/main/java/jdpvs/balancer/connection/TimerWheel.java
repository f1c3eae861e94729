package jdpvs.balancer.connection;

import java.util.Arrays;
import jdpvs.wire.Memory;

/**
 * Ends connections that have been silent for too long. Packets do not touch it: they only stamp a connection's last-seen time, and when a
 * connection's turn comes the wheel asks how long it still has and moves it on.
 *
 * <p>4096 slots of 128 ms; each is a doubly linked list through the records' {@code next} and {@code previous}. A connection with more time than a
 * turn of the wheel (8.7 minutes) is looked at once a turn. Setting and unlinking take constant time; a tick does bounded work and
 * the next one goes on where it stopped.
 */
public final class TimerWheel {
    private static final int SLOTS = 4096;
    private static final int TICK_SHIFT = 7;
    private static final int NONE = -1;

    /** What the wheel asks about a connection whose turn has come. */
    public interface Expiry {
        /** Milliseconds that the connection may still be silent; 0 or less: its time is over. */
        int remainingMillis(int connection, long record);

        /**
         * Ends the connection, which is no longer in the wheel.
         *
         * @return false when it cannot be done now: the wheel tries again at its next tick and does nothing more in this one
         */
        boolean expire(int connection, long record);
    }

    private final ConnectionTable table;
    private final int[] heads = new int[SLOTS];
    private long currentTick;

    public TimerWheel(ConnectionTable table, long nowMillis) {
        this.table = table;
        this.currentTick = nowMillis >> TICK_SHIFT;
        Arrays.fill(heads, NONE);
    }

    /** Puts a connection that is not in the wheel into it. */
    public void add(int connection, long record, long nowMillis, int remainingMillis) {
        long due = (nowMillis + remainingMillis) >> TICK_SHIFT;
        long earliest = currentTick + 1;
        // Up to the slot before the current one: that is a whole turn away.
        long tick = Math.clamp(due + 1, earliest, currentTick + SLOTS - 1);
        int slot = (int) (tick & (SLOTS - 1));
        int head = heads[slot];
        Memory.putShort(record + Connection.TIMER_SLOT, slot);
        Memory.putInt(record + Connection.NEXT, head);
        Memory.putInt(record + Connection.PREVIOUS, NONE);
        if (head != NONE) {
            Memory.putInt(table.record(head) + Connection.PREVIOUS, connection);
        }
        heads[slot] = connection;
    }

    /** Takes a connection out. */
    public void remove(long record) {
        int next = Memory.getInt(record + Connection.NEXT);
        int previous = Memory.getInt(record + Connection.PREVIOUS);
        if (previous == NONE) {
            heads[Memory.getShort(record + Connection.TIMER_SLOT)] = next;
        } else {
            Memory.putInt(table.record(previous) + Connection.NEXT, next);
        }
        if (next != NONE) {
            Memory.putInt(table.record(next) + Connection.PREVIOUS, previous);
        }
    }

    /** How far the wheel is behind the clock: more than one slot only when a tick's bound was reached. */
    public long lagMillis(long nowMillis) {
        return nowMillis - (currentTick << TICK_SHIFT);
    }

    /**
     * Looks at connections whose turn has come.
     *
     * @param budget the most connections to look at
     * @return how many were looked at
     */
    public int tick(long nowMillis, int budget, Expiry expiry) {
        long now = nowMillis >> TICK_SHIFT;
        int done = 0;
        // After a leap of the clock one turn finds every connection; the turns in between would find the same ones.
        currentTick = Math.max(currentTick, now - SLOTS);
        while (true) {
            int slot = (int) (currentTick & (SLOTS - 1));
            while (heads[slot] != NONE) {
                if (done == budget) {
                    return done;
                }
                done++;
                int connection = heads[slot];
                long record = table.record(connection);
                remove(record);
                int remaining = expiry.remainingMillis(connection, record);
                if (remaining > 0) {
                    add(connection, record, nowMillis, remaining);
                } else if (!expiry.expire(connection, record)) {
                    add(connection, record, nowMillis, 0);
                    return done;
                }
            }
            if (currentTick >= now) {
                return done;
            }
            currentTick++;
        }
    }
}

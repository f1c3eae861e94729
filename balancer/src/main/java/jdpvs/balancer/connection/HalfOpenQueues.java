package jdpvs.balancer.connection;

import java.util.Arrays;
import jdpvs.wire.Memory;

/**
 * The connections that nobody has proven to be real, oldest first, so that there can be a bound on them: a new one that finds no room takes the
 * place of the oldest. They wait here instead of in the {@link TimerWheel}, linked through the same fields of their records.
 *
 * <p>One queue for each state, that is for each time-out. As packets only stamp a connection's last-seen time, a queue is kept in order lazily: it is a
 * ring of lists of 128 ms each, a connection stands in one not later than where it belongs, and moves on to where it belongs
 * when it comes up. So the order is exact to 128 ms, a refreshed connection is moved at most once each time it comes up, and looking at the
 * first of a queue finds all whose time is over.
 *
 * <pre>
 *  state                      queue ordered by
 *  TCP NONE, SYN_SENT, SYN_RECV, SYNACK, CLOSE,
 *  UDP NONE, UDP_ONEWAY       last seen
 *  UDP_NORM, while the client has not spoken since the server's first answer (a forged sender never would)
 *                             the end of its time, which services may set for themselves
 * </pre>
 *
 * A connection in CLOSE was refused or reset; it is in the way as half-open ones are, but does not count as one.
 */
final class HalfOpenQueues {
    static final int NONE = -1;

    private static final int SLOTS = 4096;
    private static final int TICK_SHIFT = 7;
    private static final int LOOK_MILLIS = 1 << TICK_SHIFT;
    /** A connection's timer slot from here on names a list of a queue: (queue + 1) × 4096 + place in the ring. */
    private static final int FIRST_SLOT = SLOTS;

    private static final int CLOSED = 4;
    private static final int UDP_NONE = 5;
    private static final int UDP_ONE_WAY = 6;
    private static final int UDP_ANSWERED = 7;
    private static final int QUEUES = 8;
    private static final int[] TCP_QUEUES = tcpQueues();

    /** Refreshed connections that one search for the oldest moves on at most. */
    private static final int MOST_MOVES = 64;

    private final ConnectionTable table;
    private final int[] heads = new int[QUEUES * SLOTS];
    private final int[] tails = new int[QUEUES * SLOTS];
    /** By queue: where the ring begins (in ticks of 128 ms), not later than now; all before is empty. */
    private final long[] base = new long[QUEUES];
    /** By queue: all from the ring's beginning up to here is empty. */
    private final long[] first = new long[QUEUES];

    private final long[] lookAgainMillis = new long[QUEUES];
    private final int[] counts = new int[QUEUES];
    private int size;

    HalfOpenQueues(ConnectionTable table) {
        this.table = table;
        Arrays.fill(heads, NONE);
        Arrays.fill(tails, NONE);
    }

    /** The queue for a connection as it is now, or {@link #NONE}: it belongs into the timer wheel. */
    static int queueFor(long record) {
        int state = Connection.state(record);
        if (!Connection.isUdp(record)) {
            return TCP_QUEUES[state];
        }
        if (state == UdpState.NORMAL.ordinal()) {
            return (Connection.flags(record) & Connection.UNSTEADY) != 0 ? UDP_ANSWERED : NONE;
        }
        return state == UdpState.NONE.ordinal() ? UDP_NONE : UDP_ONE_WAY;
    }

    /** Whether a live connection stands here (and not in the wheel). */
    static boolean isQueued(long record) {
        return Memory.getShort(record + Connection.TIMER_SLOT) >= FIRST_SLOT;
    }

    /** Connections in all queues. */
    int size() {
        return size;
    }

    /** Those that are half-open; any thread may see it late. */
    int halfOpen() {
        return size - counts[CLOSED];
    }

    /**
     * Puts a connection that stands nowhere into a queue.
     *
     * @param timeoutMillis of its state
     */
    void add(int connection, long record, int queue, long nowMillis, int timeoutMillis) {
        // Every packet that brings a connection here has just stamped it.
        put(connection, record, queue, nowMillis, queue == UDP_ANSWERED ? nowMillis + timeoutMillis : nowMillis);
    }

    private void put(int connection, long record, int queue, long nowMillis, long keyMillis) {
        long now = nowMillis >> TICK_SHIFT;
        if (counts[queue] == 0) {
            base[queue] = now;
            first[queue] = Long.MAX_VALUE;
        }
        long tick = Math.clamp(keyMillis >> TICK_SHIFT, base[queue], base[queue] + SLOTS - 1);
        first[queue] = Math.min(first[queue], tick);
        int place = place(queue, tick);
        int tail = tails[place];
        Memory.putShort(record + Connection.TIMER_SLOT, FIRST_SLOT + place);
        Memory.putInt(record + Connection.NEXT, NONE);
        Memory.putInt(record + Connection.PREVIOUS, tail);
        if (tail == NONE) {
            heads[place] = connection;
        } else {
            Memory.putInt(table.record(tail) + Connection.NEXT, connection);
        }
        tails[place] = connection;
        counts[queue]++;
        size++;
    }

    /** Takes a connection out. */
    void remove(long record) {
        int place = Memory.getShort(record + Connection.TIMER_SLOT) - FIRST_SLOT;
        int next = Memory.getInt(record + Connection.NEXT);
        int previous = Memory.getInt(record + Connection.PREVIOUS);
        if (previous == NONE) {
            heads[place] = next;
        } else {
            Memory.putInt(table.record(previous) + Connection.NEXT, next);
        }
        if (next == NONE) {
            tails[place] = previous;
        } else {
            Memory.putInt(table.record(next) + Connection.PREVIOUS, previous);
        }
        counts[place / SLOTS]--;
        size--;
    }

    /** The connection that has been silent for longest, or {@link #NONE} when there is none. */
    int oldest(long nowMillis, TimerWheel.Expiry expiry) {
        int oldest = NONE;
        int longest = Integer.MIN_VALUE;
        for (int queue = 0; queue < QUEUES; queue++) {
            if (counts[queue] != 0) {
                int head = settledHead(queue, nowMillis, expiry);
                int idle = idle(table.record(head), nowMillis);
                if (idle > longest) {
                    longest = idle;
                    oldest = head;
                }
            }
        }
        return oldest;
    }

    /**
     * Ends connections whose time is over.
     *
     * @param budget the most connections to look at
     * @return how many were looked at
     */
    int tick(long nowMillis, int budget, TimerWheel.Expiry expiry) {
        int done = 0;
        for (int queue = 0; queue < QUEUES; queue++) {
            while (counts[queue] != 0 && nowMillis >= lookAgainMillis[queue]) {
                if (done++ == budget) {
                    return budget;
                }
                int head = head(queue, nowMillis);
                long record = table.record(head);
                int remaining = expiry.remainingMillis(head, record);
                if (remaining > 0) {
                    if (!moveOn(queue, head, record, nowMillis, remaining)) {
                        // Soon, for the time-out may have become another one.
                        lookAgainMillis[queue] = nowMillis + Math.min(remaining, LOOK_MILLIS);
                    }
                    continue;
                }
                remove(record);
                if (!expiry.expire(head, record)) {
                    put(head, record, queue, nowMillis, nowMillis);
                    return done;
                }
            }
        }
        return done;
    }

    /** The first of a queue that has any. */
    private int head(int queue, long nowMillis) {
        long tick = first[queue];
        while (heads[place(queue, tick)] == NONE) {
            tick++;
        }
        first[queue] = tick;
        base[queue] = Math.min(tick, nowMillis >> TICK_SHIFT);
        return heads[place(queue, tick)];
    }

    private int settledHead(int queue, long nowMillis, TimerWheel.Expiry expiry) {
        int moves = 0;
        while (true) {
            int head = head(queue, nowMillis);
            long record = table.record(head);
            int remaining = queue == UDP_ANSWERED ? expiry.remainingMillis(head, record) : 0;
            if (moves++ == MOST_MOVES || !moveOn(queue, head, record, nowMillis, remaining)) {
                return head;
            }
        }
    }

    /** Moves the first of a queue to where it belongs by now; false when it stands right. */
    private boolean moveOn(int queue, int head, long record, long nowMillis, int remaining) {
        long key = queue == UDP_ANSWERED ? nowMillis + remaining : nowMillis - idle(record, nowMillis);
        if (Math.min(key >> TICK_SHIFT, base[queue] + SLOTS - 1) <= first[queue]) {
            return false;
        }
        remove(record);
        put(head, record, queue, nowMillis, key);
        return true;
    }

    private static int idle(long record, long nowMillis) {
        return Math.max(0, (int) nowMillis - Connection.lastSeen(record));
    }

    private static int place(int queue, long tick) {
        return queue * SLOTS + (int) (tick & (SLOTS - 1));
    }

    private static int[] tcpQueues() {
        int[] queues = new int[TcpState.values().length];
        Arrays.fill(queues, NONE);
        queues[TcpState.NONE.ordinal()] = 0;
        queues[TcpState.SYN_SENT.ordinal()] = 1;
        queues[TcpState.SYN_RECEIVED.ordinal()] = 2;
        queues[TcpState.SYNACK.ordinal()] = 3;
        queues[TcpState.CLOSE.ordinal()] = CLOSED;
        return queues;
    }
}

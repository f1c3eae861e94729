package jdpvs.balancer.forward;

import java.util.Arrays;
import jdpvs.balancer.connection.Connections;

/**
 * Keeps a flood of SYNs off the servers and out of the table. While it goes on, a SYN is taken only when it has been seen before: who is real repeats it
 * after a second (RFC 6298 §2), with the same sequence number; a forged sender's comes once. So clients connect a second late instead of by luck, and what
 * the flood costs is a look into a filter instead of a connection, a forwarded packet and an answer.
 *
 * <p>The gate closes when half of what half-open connections may have is taken and SYNs come faster than a crowd of clients sends them; it opens again as soon
 * as one of both is over. What has been seen is kept in two Bloom filters, of this span of time and the one before.
 */
final class SynGate {
    /** First SYNs within one window that make a flood; about 8,000 a second for each worker. */
    private static final int FLOOD = 1024;

    private static final int WINDOW_SHIFT = 7;

    /** So long at least a SYN is remembered: the first two repetitions, after 1 and 3 s, fall into it. */
    private static final int SPAN_MILLIS = 4000;

    /** 2 MiB each; a span of a million SYNs lets one forged one in 70 through. */
    private static final int BITS_SHIFT = 24;

    /** What is remembered for a shorter time at more than this: one in three bits is set then. */
    private static final int MOST_SEEN = 3_000_000;

    private final Connections connections;
    private final long secret;
    private long[] current = new long[0];
    private long[] previous = new long[0];
    private int seen;
    private long spanEndMillis;

    private long window;
    private int inWindow;
    private int inWindowBefore;
    private boolean closed;
    private boolean off;

    /** @param secret must not be guessable from outside: who knows it can make his SYNs look repeated */
    SynGate(Connections connections, long secret) {
        this.connections = connections;
        this.secret = secret;
    }

    /** Lets every SYN through from now on. */
    void turnOff() {
        off = true;
    }

    /** Whether first SYNs are refused now; any thread may see it late. */
    boolean isClosed() {
        return closed;
    }

    /** Whether a SYN without a connection is to be dropped; keys as {@link jdpvs.balancer.connection.FlowKey} makes them. */
    boolean refuses(long addresses, long ports, int sequence, long nowMillis) {
        closed = isFlood(nowMillis);
        return closed && !repeated(addresses, ports, sequence, nowMillis);
    }

    private boolean isFlood(long nowMillis) {
        long now = nowMillis >> WINDOW_SHIFT;
        if (now != window) {
            inWindowBefore = now == window + 1 ? inWindow : 0;
            inWindow = 0;
            window = now;
        }
        inWindow++;
        return !off
                && Math.max(inWindow, inWindowBefore) > FLOOD
                && connections.halfOpen() >= connections.halfOpenLimit() / 2;
    }

    private boolean repeated(long addresses, long ports, int sequence, long nowMillis) {
        if (nowMillis >= spanEndMillis || seen == MOST_SEEN) {
            turn(nowMillis);
        }
        long hash = hash(addresses, ports, sequence);
        int first = (int) (hash >>> (64 - BITS_SHIFT));
        int second = (int) hash >>> (32 - BITS_SHIFT);
        boolean known = (isSet(current, first) && isSet(current, second))
                || (isSet(previous, first) && isSet(previous, second));
        if (!known) {
            set(first);
            set(second);
            seen++;
        }
        return known;
    }

    private void turn(long nowMillis) {
        if (current.length == 0) {
            current = new long[1 << (BITS_SHIFT - 6)];
            previous = new long[1 << (BITS_SHIFT - 6)];
        }
        long[] forgotten = previous;
        previous = current;
        current = forgotten;
        Arrays.fill(current, 0);
        if (nowMillis >= spanEndMillis + SPAN_MILLIS) {
            Arrays.fill(previous, 0);
        }
        seen = 0;
        spanEndMillis = nowMillis + SPAN_MILLIS;
    }

    private long hash(long addresses, long ports, int sequence) {
        long hash = mix(addresses ^ secret);
        hash = mix(hash ^ ports);
        return mix(hash ^ sequence);
    }

    /** Every bit of the result depends on every bit of the value. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 32) * 0xd6e8_feb8_6659_fd93L;
        mixed = (mixed ^ mixed >>> 32) * 0xd6e8_feb8_6659_fd93L;
        return mixed ^ mixed >>> 32;
    }

    private static boolean isSet(long[] filter, int bit) {
        return (filter[bit >>> 6] & 1L << bit) != 0;
    }

    private void set(int bit) {
        current[bit >>> 6] |= 1L << bit;
    }
}

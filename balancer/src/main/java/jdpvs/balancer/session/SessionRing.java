package jdpvs.balancer.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Events on their way from one worker to one reader. Bounded: what does not fit is lost and counted, for a worker waits for nobody.
 *
 * <pre>
 *  event, machine order
 *   0  kind (1)  1 protocol (1): 0 = TCP, 1 = UDP  2 state (1)  3 reason (1)
 *   4  idle milliseconds (4)                        since the last packet
 *   8  time (8)                                     CLOCK_BOOTTIME milliseconds
 *  16  client (16), virtual (16), local (16), server (16)   halves of {@link jdpvs.wire.Address}es
 *  80  client (2), virtual (2), local (2), server (2) ports
 *  88  duration (8)                                 milliseconds from the first to the last packet
 *  96  packets in (8), bytes in (8), packets out (8), bytes out (8)
 * </pre>
 */
public final class SessionRing {
    public static final int KIND = 0;
    public static final int PROTOCOL = 1;
    public static final int STATE = 2;
    public static final int REASON = 3;
    public static final int IDLE = 4;
    public static final int TIME = 8;
    public static final int CLIENT = 16;
    public static final int VIRTUAL = 32;
    public static final int LOCAL = 48;
    public static final int SERVER = 64;
    public static final int PORTS = 80;
    public static final int DURATION = 88;
    public static final int IN_PACKETS = 96;
    public static final int IN_BYTES = 104;
    public static final int OUT_PACKETS = 112;
    public static final int OUT_BYTES = 120;

    public static final int CREATE = 0;
    public static final int CLOSE = 1;

    /** A tenth of a second of 300,000 connections a second that begin and end. */
    public static final int SLOTS = 1 << 16;

    private static final int EVENT = 128;
    private static final VarHandle WRITTEN;
    private static final VarHandle READ;
    private static final VarHandle LOST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(SessionRing.class, "written", long.class);
            READ = lookup.findVarHandle(SessionRing.class, "read", long.class);
            LOST = lookup.findVarHandle(SessionRing.class, "lost", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long base;
    private final int mask;
    private long written;
    private long lost;

    /** The worker's newest knowledge of {@link #read}. */
    private long readSeen;

    private long read;

    /**
     * @param base native, {@link #memoryBytes} long
     * @param slots a power of two
     */
    public SessionRing(long base, int slots) {
        if (Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("a ring has a power of two of slots, not " + slots);
        }
        this.base = base;
        this.mask = slots - 1;
    }

    public static long memoryBytes(int slots) {
        return (long) slots * EVENT;
    }

    /** The worker: where to write the next event, or 0 when the ring is full and the event lost. */
    long claim() {
        if (written - readSeen > mask) {
            readSeen = (long) READ.getAcquire(this);
            if (written - readSeen > mask) {
                LOST.setOpaque(this, lost + 1);
                return 0;
            }
        }
        return base + (written & mask) * EVENT;
    }

    /** The worker: the claimed event is written. */
    void publish() {
        WRITTEN.setRelease(this, written + 1);
    }

    /** The reader: the oldest event, or 0; it stays where it is until {@link #release}. */
    public long peek() {
        return read == (long) WRITTEN.getAcquire(this) ? 0 : base + (read & mask) * EVENT;
    }

    /** The reader: is done with the oldest event. */
    public void release() {
        READ.setRelease(this, read + 1);
    }

    /** Events that found no room since the start; any thread. */
    public long lost() {
        return (long) LOST.getOpaque(this);
    }
}

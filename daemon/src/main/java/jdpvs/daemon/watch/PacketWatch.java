package jdpvs.daemon.watch;

import java.util.Arrays;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.port.Witness;
import jdpvs.port.filter.Filter;
import jdpvs.port.filter.Passage;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Memory;

/**
 * What one watcher sees of one worker: the worker writes records into a ring and never waits.
 *
 * <p>Frames are changed in place on their way. So what a drop may have to show is copied when the frame comes; every later record names the
 * packet's number. There are two ways to watch: <em>frames</em>, each of which passes the filter by itself as received, sent or dropped, or <em>stories</em>:
 * received frames that pass the filter, with everything that follows from them.
 */
public final class PacketWatch implements Witness {
    /** The longest frame there is; more than this is never kept of one. */
    public static final int LONGEST_FRAME = 14 + 65535;

    private static final int WAITING = 256;

    /** What is known of a frame of the burst at hand. */
    private static final byte UNWATCHED = 0;

    private static final byte KEPT = 1;
    private static final byte FOLLOWED = 2;

    private final WorkerContext context;
    private final WatchRing ring;
    private final Filter filter;
    private final int device;
    private final int snapLength;
    private final boolean follow;
    private final WallClock clock = new WallClock();

    private final long copies;
    private final int copyStride;
    private final byte[] state = new byte[Burst.CAPACITY];
    private final int[] lengths = new int[Burst.CAPACITY];

    /** Number of the burst's first frame; 0 while no burst is at hand. */
    private long firstSerial;

    private long lastSerial;
    /** Frames of the burst that went before those which the worker works on now. */
    private int shift;

    private int burstDevice = -1;

    /** Copies of followed packets that wait, and the packets' numbers; the oldest is forgotten first. */
    private final long[] waitingCopy = new long[WAITING];

    private final long[] waitingSerial = new long[WAITING];
    private int waitingNext;

    /** The packet that waited and is sent or dropped now, 0 = none. */
    private long waited;

    private int waitedLength;
    private int waitedDevice;
    private long waitedSerial;

    /**
     * @param context of the worker
     * @param memory {@link #memoryBytes} of it, the watch's own while the worker may call it
     * @param ringBytes a power of two
     * @param device whose frames are watched, -1 = all; of a story the device where it begins
     * @param snapLength bytes of a frame to keep at most
     * @param follow whether stories are watched
     */
    public PacketWatch(
            WorkerContext context,
            long memory,
            int ringBytes,
            Filter filter,
            int device,
            int snapLength,
            boolean follow) {
        this.context = context;
        this.ring = new WatchRing(memory, ringBytes);
        this.filter = filter;
        this.device = device;
        this.snapLength = Math.min(snapLength, LONGEST_FRAME);
        this.follow = follow;
        this.copies = memory + ringBytes + WatchRecord.BEFORE_FRAME + 6;
        this.copyStride = copyStride(snapLength);
    }

    /** Memory that a watch of these sizes needs. */
    public static long memoryBytes(int ringBytes, int snapLength) {
        return ringBytes + (long) Burst.CAPACITY * copyStride(snapLength);
    }

    private static int copyStride(int snapLength) {
        return (WatchRecord.BEFORE_FRAME + 6 + Math.min(snapLength, LONGEST_FRAME) + 7) & -8;
    }

    WatchRing ring() {
        return ring;
    }

    @Override
    public void received(int from, Burst burst) {
        begin(from, burst, WatchRecord.RECEIVED);
    }

    @Override
    public void takenOver(int from, Burst burst) {
        begin(from, burst, WatchRecord.TAKEN_OVER);
    }

    private void begin(int from, Burst burst, int kind) {
        firstSerial = lastSerial + 1;
        lastSerial += burst.count;
        shift = 0;
        burstDevice = from;
        waited = 0;
        Arrays.fill(state, UNWATCHED);
        if (device >= 0 && device != from) {
            return;
        }
        long now = clock.nanos();
        for (int i = 0; i < burst.count; i++) {
            long frame = burst.address[i];
            int length = burst.length[i];
            // A frame that was handed over has been shown as received by the worker that received it.
            if ((follow || kind == WatchRecord.RECEIVED)
                    && filter.verdict(frame, length, Passage.IN, null) == Filter.YES) {
                record(kind, now, firstSerial + i, from, 0, frame, length);
                state[i] = follow ? FOLLOWED : UNWATCHED;
            }
            if (!follow && filter.verdict(frame, length, Passage.DROPPED, null) != Filter.NO) {
                keep(i, frame, length);
            }
        }
    }

    private void keep(int i, long frame, int length) {
        state[i] = KEPT;
        lengths[i] = length;
        Memory.copy(
                frame - WatchRecord.BEFORE_FRAME,
                copy(i) - WatchRecord.BEFORE_FRAME,
                (long) WatchRecord.BEFORE_FRAME + Math.min(length, snapLength));
    }

    private long copy(int i) {
        return copies + (long) i * copyStride;
    }

    /** The worker goes on with the burst without its first frames. */
    void skipped(int frames) {
        shift += frames;
        waited = 0;
    }

    /** No burst is at hand any more. */
    void ended() {
        firstSerial = 0;
        waited = 0;
    }

    @Override
    public void step(Step step, long first, long second, long third) {
        long serial = followed();
        if (serial != 0) {
            ring.offer(
                    WatchRecord.STEP, clock.nanos(), serial, atHand(), step.ordinal(), first, second, third, 0, 0, 0);
        }
    }

    @Override
    public void sent(int to, long frame, int length) {
        long serial;
        if (follow) {
            serial = followed();
            if (serial == 0) {
                return;
            }
        } else {
            if ((device >= 0 && device != to) || filter.verdict(frame, length, Passage.OUT, null) != Filter.YES) {
                return;
            }
            serial = serial();
        }
        record(WatchRecord.SENT, clock.nanos(), serial, to, 0, frame, length);
    }

    @Override
    public void dropped(DropReason reason) {
        if (follow) {
            long serial = followed();
            if (serial != 0) {
                record(WatchRecord.DROPPED, clock.nanos(), serial, atHand(), reason.ordinal(), 0, 0);
            }
            return;
        }
        long frame = 0;
        int length = 0;
        int from = atHand();
        int i = index();
        if (waited != 0) {
            frame = waited;
            length = waitedLength;
        } else if (i >= 0) {
            if (state[i] != KEPT) {
                return;
            }
            frame = copy(i);
            length = lengths[i];
        }
        if ((device >= 0 && device != from)
                || filter.verdict(frame, Math.min(length, snapLength), Passage.DROPPED, reason) != Filter.YES) {
            return;
        }
        record(WatchRecord.DROPPED, clock.nanos(), serial(), from, reason.ordinal(), frame, length);
    }

    @Override
    public void waits(long copy) {
        long serial = followed();
        if (serial != 0) {
            waitingCopy[waitingNext] = copy;
            waitingSerial[waitingNext] = serial;
            waitingNext = (waitingNext + 1) % WAITING;
        }
    }

    @Override
    public void waited(int to, long copy, int length) {
        waited = copy;
        waitedLength = length;
        waitedDevice = to;
        waitedSerial = follow ? forgetWaiting(copy) : ++lastSerial;
    }

    @Override
    public void resumed() {
        waited = 0;
    }

    /** The number of a followed packet whose copy waited there, or 0. */
    private long forgetWaiting(long copy) {
        for (int i = 0; i < WAITING; i++) {
            if (waitingCopy[i] == copy) {
                waitingCopy[i] = 0;
                return waitingSerial[i];
            }
        }
        return 0;
    }

    /** The number of the packet that is being told of if it is followed, else 0. */
    private long followed() {
        if (waited != 0) {
            return waitedSerial;
        }
        int i = index();
        return i >= 0 && state[i] == FOLLOWED ? firstSerial + i : 0;
    }

    /** The number of the packet that is being told of; 0 = dpvs made it, outside of a burst. */
    private long serial() {
        if (waited != 0) {
            return waitedSerial;
        }
        int i = index();
        return i >= 0 ? firstSerial + i : 0;
    }

    /** The device where the packet that is being told of came in, or would have left; -1 = none. */
    private int atHand() {
        return waited != 0 ? waitedDevice : firstSerial == 0 ? -1 : burstDevice;
    }

    /** The place in the burst as it was received of the frame at hand, or -1. */
    private int index() {
        if (firstSerial == 0) {
            return -1;
        }
        int i = shift + context.position;
        return i < Burst.CAPACITY ? i : -1;
    }

    private void record(int kind, long now, long serial, int at, int code, long frame, int length) {
        ring.offer(kind, now, serial, at, code, 0, 0, 0, frame, length, Math.min(length, snapLength));
    }
}

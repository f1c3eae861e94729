package jdpvs.daemon.watch;

import jdpvs.wire.Memory;

/**
 * A record of a {@link WatchRing} at a native address.
 *
 * <pre>
 *  0          4          8                     16                    24         28         32         36         40
 *  +----------+----------+---------------------+---------------------+----------+----------+----------+----------+
 *  | bytes    | kind     | time, ns since 1970 | number of packet    | device   | length   | captured | code     |
 *  | of all   |          |                     |                     |          |          |          |          |
 *  +----------+----------+----------+----------+----------+----------+----------+----------+----------+----------+
 *  40                    48                    56                    64         70                    80
 *  +---------------------+---------------------+---------------------+----------+---------------------+----------------------------+
 *  | first               | second              | third               | (unused) | virtio-net header   | frame, captured bytes of   |
 *  |                     |                     |                     |          |                     | length, padded to 8        |
 *  +---------------------+---------------------+---------------------+----------+---------------------+----------------------------+
 * </pre>
 *
 * Length: of the frame as it was, 0 = no frame. Code: ordinal of a step or of a reason. First to third: of a step.
 */
final class WatchRecord {
    static final int PADDING = 0;
    static final int RECEIVED = 1;
    static final int TAKEN_OVER = 2;
    static final int SENT = 3;
    static final int DROPPED = 4;
    static final int STEP = 5;

    static final int HEADER = 80;

    /** Bytes before a frame that its virtio-net header takes. */
    static final int BEFORE_FRAME = 10;

    private WatchRecord() {}

    static int bytes(long record) {
        return Memory.getInt(record);
    }

    static int kind(long record) {
        return Memory.getInt(record + 4);
    }

    static long timeNanos(long record) {
        return Memory.getLong(record + 8);
    }

    static long serial(long record) {
        return Memory.getLong(record + 16);
    }

    /** -1 = none. */
    static int device(long record) {
        return Memory.getInt(record + 24);
    }

    static int length(long record) {
        return Memory.getInt(record + 28);
    }

    static int captured(long record) {
        return Memory.getInt(record + 32);
    }

    static int code(long record) {
        return Memory.getInt(record + 36);
    }

    static long first(long record) {
        return Memory.getLong(record + 40);
    }

    static long second(long record) {
        return Memory.getLong(record + 48);
    }

    static long third(long record) {
        return Memory.getLong(record + 56);
    }

    static long frame(long record) {
        return record + HEADER;
    }
}

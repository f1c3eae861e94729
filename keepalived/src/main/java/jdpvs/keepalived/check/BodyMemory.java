package jdpvs.keepalived.check;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A body kept for a regular expression. All checks together keep no more than a bound, for thousands of servers may send megabytes at the same time: who finds nothing left waits for others to end.
 */
final class BodyMemory implements AutoCloseable {
    private static final int PIECE = 64 << 10;
    /** 16 MiB: four of the longest bodies, in a process that has 256 MiB. */
    private static final Semaphore PIECES = new Semaphore(256);

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private int pieces;

    /** @param nanos to wait at most */
    void add(byte[] bytes, int count, long nanos) throws Reasons.Here, InterruptedException {
        while (kept.size() + count > (long) pieces * PIECE) {
            if (!PIECES.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
                throw new Reasons.Here("too many long answers at the same time");
            }
            pieces++;
        }
        kept.write(bytes, 0, count);
    }

    byte[] bytes() {
        return kept.toByteArray();
    }

    @Override
    public void close() {
        PIECES.release(pieces);
        pieces = 0;
    }
}

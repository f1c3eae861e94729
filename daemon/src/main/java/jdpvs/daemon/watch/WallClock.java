package jdpvs.daemon.watch;

import java.time.Instant;

/** The time of day in nanoseconds since 1970 (CLOCK_REALTIME), from the cheaper nanoTime; looked up anew once a second, so that it follows corrections. */
final class WallClock {
    private static final long REFRESH_NANOS = 1_000_000_000L;

    private long offset;
    private long refreshed;

    WallClock() {
        refresh(System.nanoTime());
    }

    long nanos() {
        long now = System.nanoTime();
        if (now - refreshed > REFRESH_NANOS) {
            refresh(now);
        }
        return now + offset;
    }

    private void refresh(long now) {
        Instant instant = Instant.now();
        offset = instant.getEpochSecond() * 1_000_000_000L + instant.getNano() - now;
        refreshed = now;
    }
}

package jdpvs.e2e;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for what comes soon, with a bound. */
final class Await {
    private static final long STEP_MILLIS = 50;

    private Await() {}

    /** @param what is awaited, for the message when it does not come */
    static void until(Duration limit, BooleanSupplier condition, Supplier<String> what) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("Not within %s: %s".formatted(limit, what.get()));
            }
            pause(Duration.ofMillis(STEP_MILLIS));
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

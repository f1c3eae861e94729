package jdpvs.e2e;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Taking away what a test has made, also when it could not make all of it. */
final class Closing {
    private Closing() {}

    /** Closes all in this order but those that were never made; the first failure is thrown when all is done. */
    static void all(@Nullable AutoCloseable... things) {
        RuntimeException failed = null;
        for (AutoCloseable thing : Arrays.asList(things)) {
            try {
                if (thing != null) {
                    thing.close();
                }
            } catch (Exception | AssertionError e) {
                if (failed == null) {
                    failed = new IllegalStateException("cannot be taken away", e);
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}

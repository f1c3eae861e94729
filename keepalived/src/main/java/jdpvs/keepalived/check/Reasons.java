package jdpvs.keepalived.check;

import java.io.IOException;
import java.net.BindException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Locale;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.linux.SystemCallException;

/** Exceptions as reasons of failures. */
final class Reasons {
    private Reasons() {}

    /** {@code 3 s}, {@code 0.5 s}. */
    static String seconds(Duration time) {
        return (time.toMillis() % 1000 == 0
                        ? Long.toString(time.toSeconds())
                        : String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0)
                                .replaceAll("0+$", ""))
                + " s";
    }

    static String noAnswer(Duration time) {
        return "no answer within " + seconds(time);
    }

    /** @throws InterruptedException when that is what the exception means */
    static Result failure(IOException e) throws InterruptedException {
        // Whoever is interrupted while it connects may also be told that the connection was refused.
        if (Thread.interrupted() || e instanceof ClosedByInterruptException) {
            throw new InterruptedException();
        }
        return Result.failure(
                switch (e) {
                    case Unexpected _ -> String.valueOf(e.getMessage());
                    case PortUnreachableException _ -> "port unreachable (ICMP)";
                    case BindException _ -> "cannot bind to the source: " + text(e);
                    default -> text(e);
                });
    }

    static Result failure(SystemCallException e) {
        return Result.failure(e.call() + ": " + e.reason());
    }

    private static String text(IOException e) {
        String message = e.getMessage();
        if (message == null || message.isEmpty()) {
            return e.getClass().getSimpleName();
        }
        // Only the first letter of a word in lower case: "Connection refused", not "SSL ...".
        return message.length() > 1 && Character.isLowerCase(message.charAt(1))
                ? message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1)
                : message;
    }
}

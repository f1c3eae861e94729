package jdpvs.keepalived.check;

import java.io.IOException;
import java.net.BindException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.linux.Errno;
import jdpvs.linux.SystemCallException;

/** Exceptions as reasons of failures. */
final class Reasons {
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;

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
        endIfInterrupted(e);
        return switch (e) {
            case Unexpected _ -> Result.failure(String.valueOf(e.getMessage()));
            case PortUnreachableException _ -> Result.failure("port unreachable (ICMP)");
            // What the kernel makes of "administratively prohibited" (RFC 4443 §3.1): a firewall's answer for a port
            // that
            // is not open.
            case BindException _ when isAbout(Errno.EACCES, e) -> Result.failure(text(e));
            // All ports of this host are taken, or it has no address for the destination.
            case BindException _ -> undecided(e);
            case Here _ -> Result.undecided(String.valueOf(e.getMessage()));
            default -> Result.failure(text(e));
        };
    }

    private static void endIfInterrupted(IOException e) throws InterruptedException {
        // Whoever is interrupted while it connects may also be told that the connection was refused.
        if (Thread.interrupted() || e instanceof ClosedByInterruptException) {
            throw new InterruptedException();
        }
    }

    private static boolean isAbout(int errno, IOException e) {
        return e.getMessage() != null && e.getMessage().startsWith(Errno.text(errno));
    }

    /** Before a socket was connected: that is never the server's fault. */
    static Result undecided(IOException e) throws InterruptedException {
        endIfInterrupted(e);
        return Result.undecided(e instanceof BindException ? "cannot bind to the source: " + text(e) : text(e));
    }

    static Result undecided(SystemCallException e) {
        return Result.undecided(e.call() + ": " + e.reason());
    }

    /** This host cannot ask. */
    static final class Here extends IOException {
        private static final long serialVersionUID = 1L;

        Here(String reason) {
            super(reason);
        }
    }

    /** Of a packet that could not be sent. */
    static Result failure(SystemCallException e) {
        return switch (e.errno()) {
            case Errno.EAGAIN, Errno.ENOMEM, Errno.ENOBUFS -> undecided(e);
            default -> Result.failure(e.call() + ": " + e.reason());
        };
    }

    /** Whether a program could not be started because this host can start nothing now. The reason has the system's words in brackets. */
    static boolean isScarcity(String reason) {
        return IntStream.of(Errno.EAGAIN, Errno.ENOMEM, ENFILE, EMFILE)
                .anyMatch(errno -> reason.contains("(" + Errno.text(errno) + ")"));
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

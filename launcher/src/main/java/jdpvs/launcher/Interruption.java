package jdpvs.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The standard input of a command that runs until the user has seen enough: empty, and it ends with the first SIGINT or SIGTERM. The command then finishes by
 * itself, its last words are printed, and the process ends with its exit code.
 */
final class Interruption extends InputStream {
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch interrupted = new CountDownLatch(1);

    /** From now on a signal ends the input first, and the process when the calling thread has ended it or takes too long. */
    void await() {
        Thread command = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(new Farewell(interrupted, command)));
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        return read();
    }

    @Override
    public int read() throws IOException {
        try {
            interrupted.await();
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private record Farewell(CountDownLatch interrupted, Thread command) implements Runnable {
        @Override
        public void run() {
            interrupted.countDown();
            try {
                command.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package jdpvs.keepalived.notice;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import jdpvs.keepalived.configuration.GlobalSettings.Fifo;
import jdpvs.keepalived.configuration.Script;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A named pipe that somebody reads lines from, sooner or later; what they leave unread beyond a bound is lost, and that is logged. */
final class NoticePipe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_notify");
    private static final int BACKLOG = 1024;
    private static final long LOOK_MILLIS = 50;

    /** So long the end waits for lines to be written, and so long again for the pipe's own reader to take them. */
    private static final Duration LAST_LINES = Duration.ofSeconds(1);

    private final Fifo fifo;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(BACKLOG);
    private final Thread writer;
    private @Nullable Thread reader;
    private volatile boolean closing;

    private NoticePipe(Fifo fifo) {
        this.fifo = fifo;
        this.writer = Thread.ofPlatform().daemon().name("notify " + fifo.path()).unstarted(this::write);
    }

    /** Makes the pipe if it is not there, and starts its reader if it has one of its own. */
    static NoticePipe open(Fifo fifo, ScriptRunner scripts) {
        NoticePipe pipe = new NoticePipe(fifo);
        pipe.make(scripts);
        pipe.writer.start();
        Script script = fifo.reader();
        if (script != null) {
            pipe.reader = Thread.ofVirtual().start(() -> {
                try {
                    ScriptRunner.Ending ending =
                            scripts.run(script, List.of(fifo.path()), Duration.ofDays(Integer.MAX_VALUE));
                    if (!pipe.closing) {
                        LOG.warn("{}, which reads {}, ended: {}", script, fifo.path(), ending);
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        return pipe;
    }

    Fifo of() {
        return fifo;
    }

    void write(String line) {
        if (!lines.offer(line)) {
            LOG.warn("nobody reads {}: lost '{}'", fifo.path(), line);
        }
    }

    private void make(ScriptRunner scripts) {
        if (Files.exists(Path.of(fifo.path()))) {
            return;
        }
        try {
            ScriptRunner.Ending ending = scripts.run(
                    new Script(List.of("mkfifo", "-m", "600", fifo.path()), null, null),
                    List.of(),
                    Duration.ofSeconds(5));
            if (!ending.equals(new ScriptRunner.Ending.Exited(0))) {
                LOG.warn("the pipe {} cannot be made: {}", fifo.path(), ending);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opened for reading too, a pipe neither waits for a reader nor breaks when one goes. */
    private void write() {
        if (!Files.exists(Path.of(fifo.path())) || Files.isRegularFile(Path.of(fifo.path()))) {
            LOG.warn("{} is no pipe: nobody is told by it", fifo.path());
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(fifo.path(), "rw")) {
            while (!closing || !lines.isEmpty()) {
                String line = lines.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (line != null) {
                    file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", fifo.path(), e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What its reader would still take is for the reader of the pipe's next owner. */
    void endReader() {
        closing = true;
        if (reader != null) {
            reader.interrupt();
        }
    }

    /** Lines that wait still go, if somebody reads; then the reader meets the end of the pipe, and what does not end by that is ended. */
    @Override
    public void close() {
        closing = true;
        try {
            if (writer.join(LAST_LINES) && reader != null) {
                boolean ignored = reader.join(LAST_LINES);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
        if (reader != null) {
            reader.interrupt();
        }
    }
}

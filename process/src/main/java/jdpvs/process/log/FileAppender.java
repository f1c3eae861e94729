package jdpvs.process.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends lines to a file that a log rotation may move away: {@link #reopen} makes the next one. Each line is one write. */
final class FileAppender extends AppenderBase<ILoggingEvent> {
    private final Path file;
    private final boolean timestamps;
    private OutputStream out = OutputStream.nullOutputStream();

    /** Opens the file for appending. */
    FileAppender(Path file, boolean timestamps) throws IOException {
        this.file = file;
        this.timestamps = timestamps;
        reopen();
    }

    /** Closes the file and opens the one that now has its name; on failure the old one stays in use. */
    synchronized void reopen() throws IOException {
        OutputStream next = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        out.close();
        out = next;
    }

    @Override
    protected void append(ILoggingEvent event) {
        try {
            out.write((LineLayout.line(event, timestamps) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            addError("cannot write " + file, e);
        }
    }

    @Override
    public synchronized void stop() {
        super.stop();
        try {
            out.close();
        } catch (IOException e) {
            addError("cannot close " + file, e);
        }
    }
}

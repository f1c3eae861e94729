package jdpvs.daemon.session;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A file that a log rotation may rename or remove: the one with the name is opened again, or made. */
final class SessionFile implements SessionSink {
    private final Path file;
    private @Nullable OutputStream out;

    /** Device and inode, so that a file with the same name is known to be another one. */
    private @Nullable Object key;

    SessionFile(Path file) {
        this.file = file;
    }

    @Override
    public void write(CharSequence lines) throws IOException {
        OutputStream open = out == null ? open() : out;
        try {
            open.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            close();
            throw named(e);
        }
    }

    @Override
    public void follow(boolean anyway) throws IOException {
        if (out != null && (anyway || !isStillThere())) {
            close();
            open();
        }
    }

    private boolean isStillThere() {
        try {
            return key != null && key.equals(key());
        } catch (IOException e) {
            return false;
        }
    }

    private OutputStream open() throws IOException {
        try {
            OutputStream opened = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            out = opened;
            key = key();
            return opened;
        } catch (IOException e) {
            close();
            throw named(e);
        }
    }

    private @Nullable Object key() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /** The file system's exceptions have the bare path as their message. */
    private IOException named(IOException e) {
        String reason = switch (e) {
            case NoSuchFileException _ -> "its directory does not exist";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
        return new IOException(file + ": " + reason, e);
    }

    @Override
    public void close() {
        OutputStream open = out;
        out = null;
        key = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Every line was written with a write of its own, so nothing is lost with the descriptor.
                return;
            }
        }
    }
}

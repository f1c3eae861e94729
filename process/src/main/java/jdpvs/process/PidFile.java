package jdpvs.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that says which process this instance is, and keeps a second one from starting. */
public final class PidFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("PIDFILE");

    private final Path file;
    private final long pid;

    private PidFile(Path file, long pid) {
        this.file = file;
        this.pid = pid;
    }

    /**
     * Writes this process's id; a file whose process is gone, or cannot be this program, is replaced with a log line.
     *
     * @param program what runs, for messages
     * @param module on the command line of each process that runs it, for example jdpvs.daemon
     * @throws StartException {@code dpvs is already running} when the process named there lives
     */
    public static PidFile create(Path file, String program, String module) throws StartException {
        long own = ProcessHandle.current().pid();
        try {
            for (int attempt = 0; attempt < 3; attempt++) {
                try {
                    Files.writeString(file, own + "\n", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    return new PidFile(file, own);
                } catch (FileAlreadyExistsException e) {
                    long other = read(file);
                    if (other > 0 && other != own && runs(module, other)) {
                        throw new StartException(
                                program + " is already running (process " + other + ", pid file " + file + ")");
                    }
                    LOG.warn("removing stale pid file {}", file);
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            throw new StartException("cannot write pid file " + file + ": its directory does not exist", e);
        } catch (IOException e) {
            throw new StartException("cannot write pid file " + file + ": " + e.getMessage(), e);
        }
        throw new StartException("cannot write pid file " + file + ": somebody else keeps writing it");
    }

    private static long read(Path file) throws IOException {
        try {
            return Long.parseLong(bytes(file).strip());
        } catch (NumberFormatException | NoSuchFileException e) {
            return -1;
        }
    }

    /** Whatever the bytes are: names on a command line, or what is left of a file, need not be UTF-8. */
    private static String bytes(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /**
     * Whether a process lives and runs a program: after a reboot the number may be anybody's.
     *
     * @param module on the command line of each process that runs it
     */
    public static boolean runs(String module, long pid) {
        try {
            return bytes(Path.of("/proc/" + pid + "/cmdline")).contains(module);
        } catch (IOException e) {
            return ProcessHandle.of(pid).isPresent() && !Files.exists(Path.of("/proc/self"));
        }
    }

    /** Removes the file if it still is ours. */
    @Override
    public void close() {
        try {
            if (read(file) == pid) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("cannot remove pid file {}: {}", file, e.getMessage());
        }
    }
}

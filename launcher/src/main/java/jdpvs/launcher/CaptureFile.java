package jdpvs.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code dpvsctl capture -w FILE} puts what the daemon captures: made here, in the user's directory and with the user's rights, when the first
 * bytes come, so that a refused command leaves no file. Never follows a symbolic link: what it points to may be somebody else's.
 */
final class CaptureFile extends OutputStream {
    private final String name;
    private @Nullable OutputStream file;

    CaptureFile(String name) {
        this.name = name;
    }

    /** The operand of the option {@code -w} of {@code dpvsctl capture}; null = another command, or standard output. */
    static @Nullable String named(String tool, String[] words) {
        if (!tool.equals("dpvsctl") || words.length == 0 || !words[0].equals("capture")) {
            return null;
        }
        String name = null;
        for (int i = 1; i < words.length && !words[i].equals("--"); i++) {
            if (words[i].equals("-w") || words[i].equals("--write")) {
                name = i + 1 < words.length ? words[i + 1] : null;
            } else if (words[i].startsWith("--write=")) {
                name = words[i].substring(8);
            } else if (words[i].startsWith("-w") && words[i].length() > 2) {
                name = words[i].substring(words[i].charAt(2) == '=' ? 3 : 2);
            }
        }
        return name == null || name.isEmpty() || name.equals("-") ? null : name;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        OutputStream open = file;
        if (open == null) {
            open = open();
            file = open;
        }
        open.write(bytes, offset, count);
    }

    private OutputStream open() throws IOException {
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw new IOException("it is not a path", e);
        }
        if (Files.isSymbolicLink(path)) {
            throw new IOException("it is a symbolic link; name the file itself, or remove the link");
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("there is something else than a file");
        }
        return Files.newOutputStream(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    /** In one line: what could not be done and why. */
    String complaint(IOException reason) {
        String why = reason instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : reason instanceof java.nio.file.NoSuchFileException ? "no such directory" : reason.getMessage();
        return "cannot write " + name + ": " + why;
    }
}

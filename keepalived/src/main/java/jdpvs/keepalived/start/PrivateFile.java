package jdpvs.keepalived.start;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that nobody else may read, for configurations hold passwords. */
final class PrivateFile {
    private PrivateFile() {}

    /** Writes a new file. What is there under its name, in a directory that may be everybody's, is removed first and never followed. */
    static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var out = Files.newByteChannel(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            out.write(StandardCharsets.UTF_8.encode(text));
        }
    }
}

package jdpvs.keepalived.configuration;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import org.jspecify.annotations.Nullable;

/** What the configuration depends on beside its file: the host's name, its users, and who may change a program. */
class Host {
    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");

    String name() {
        try {
            return Files.readString(NAME).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    boolean hasUser(String user) {
        try {
            FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    boolean hasGroup(String group) {
        try {
            FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    boolean exists(Path program) {
        return Files.exists(program);
    }

    /** The program or the directory on its way that others than root can change; null = there is none. */
    @Nullable Path changeable(Path program) {
        try {
            for (Path path = program.toRealPath(); path != null; path = path.getParent()) {
                if (othersWrite(Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS))) {
                    return path;
                }
            }
            // As written, for who can change a directory on the way can put another link there.
            for (Path path = program.getParent(); path != null; path = path.getParent()) {
                if (othersWrite(Files.readAttributes(path, PosixFileAttributes.class))) {
                    return path;
                }
            }
            return null;
        } catch (IOException | UnsupportedOperationException e) {
            // Nobody can tell.
            return program;
        }
    }

    private static boolean othersWrite(PosixFileAttributes attributes) {
        return !attributes.owner().getName().equals("root")
                || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                || (attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                        && !attributes.group().getName().equals("root"));
    }
}

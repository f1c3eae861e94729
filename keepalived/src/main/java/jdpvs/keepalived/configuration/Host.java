package jdpvs.keepalived.configuration;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What the configuration depends on beside its file: the host's name, its users, and who may change a program. */
class Host {
    /** On the way to a program; the kernel follows 40 (path_resolution(7)). */
    private static final int MOST_LINKS = 40;

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

    /** Whether its programs are root's, by whatever name or number: the system takes a number for a name where there is no such name. */
    boolean isRoot(String user) {
        try {
            UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
            // Principals are equal when their numbers are.
            return users.lookupPrincipalByName(user).equals(users.lookupPrincipalByName("root"));
        } catch (IOException | UnsupportedOperationException e) {
            // Nobody can tell.
            return true;
        }
    }

    boolean exists(Path program) {
        return Files.exists(program);
    }

    /** What others than root can change of a program and the directories on its way, that of links too; the one nearest to it; null = there is none. */
    @Nullable Path changeable(Path program) {
        try {
            return changeableOnTheWay(program.toAbsolutePath());
        } catch (IOException | UnsupportedOperationException e) {
            // Nobody can tell.
            return program;
        }
    }

    /** Goes from name to name as the kernel does, for who can change a directory on the way can put another link there. */
    private static @Nullable Path changeableOnTheWay(Path program) throws IOException {
        Deque<Path> names = new ArrayDeque<>();
        program.forEach(names::add);
        Path at = Path.of("/");
        Path found = othersWrite(attributes(at)) ? at : null;
        for (int links = 0; !names.isEmpty(); ) {
            // Above a directory there is what was looked at already.
            Path next = at.resolve(names.remove()).normalize();
            PosixFileAttributes attributes = attributes(next);
            if (!attributes.isSymbolicLink()) {
                found = othersWrite(attributes) ? next : found;
                at = next;
            } else if (++links > MOST_LINKS) {
                throw new FileSystemLoopException(program.toString());
            } else {
                // Its own permissions say nothing: who can write its directory can change it.
                Path target = Files.readSymbolicLink(next);
                for (int i = target.getNameCount() - 1; i >= 0; i--) {
                    names.addFirst(target.getName(i));
                }
                at = target.isAbsolute() ? Path.of("/") : at;
            }
        }
        return found;
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean othersWrite(PosixFileAttributes attributes) {
        return !attributes.owner().getName().equals("root")
                || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                || (attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                        && !attributes.group().getName().equals("root"));
    }
}

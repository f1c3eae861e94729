package jdpvs.keepalived.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who can change a program of root's: itself, a directory above it, or a link on the way. */
class HostTest {
    private final Host host = new Host();

    /** Not below a directory that is everybody's, as temporary ones are. */
    private Path directory = Path.of("/");

    private Path program = Path.of("/");

    @BeforeEach
    void make() throws IOException {
        directory = Files.createTempDirectory(Path.of("/root"), "jdpvs-host").toRealPath();
        program = Files.writeString(
                Files.createDirectories(directory.resolve("real/bin")).resolve("n"), "#!/bin/sh\n");
        allow(program, "rwxr-xr-x");
        assertThat(host.changeable(program)).isNull();
    }

    @AfterEach
    void remove() throws IOException {
        try (var all = Files.walk(directory)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void allow(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static void give(Path path, String user) throws IOException {
        Files.setOwner(
                path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
    }

    @Test
    void itself() throws IOException {
        allow(program, "rwxrwxrwx");
        assertThat(host.changeable(program)).isEqualTo(program);
        allow(program, "rwxr-xr-x");
        give(program, "nobody");
        assertThat(host.changeable(program)).isEqualTo(program);
    }

    @Test
    void aDirectoryAboveIt() throws IOException {
        allow(directory.resolve("real"), "rwxr-xrwx");
        assertThat(host.changeable(program)).isEqualTo(directory.resolve("real"));
    }

    @Test
    void aGroupOtherThanRoots() throws IOException {
        allow(program, "rwxrwxr-x");
        assertThat(host.changeable(program)).as("root's group").isNull();
        Files.setAttribute(program, "unix:gid", 1);
        assertThat(host.changeable(program)).isEqualTo(program);
    }

    /** Whoever can write the directory of a link can put another one there. */
    @ParameterizedTest
    @ValueSource(strings = {"everybodys/link", "link", "linked/n", "first", "relative/up"})
    void theDirectoryOfALink(String way) throws IOException {
        Path everybodys = Files.createDirectory(directory.resolve("everybodys"));
        allow(everybodys, "rwxrwxrwx");
        // The last of the way stands in everybody's directory, or a link in the middle of it does.
        Path middle = Files.createSymbolicLink(everybodys.resolve("link"), program);
        Path end = Files.createSymbolicLink(everybodys.resolve("linked"), directory.resolve("real/bin"));
        Files.createSymbolicLink(directory.resolve("link"), middle);
        Files.createSymbolicLink(directory.resolve("linked"), end);
        Files.createSymbolicLink(directory.resolve("first"), directory.resolve("link"));
        Files.createDirectory(directory.resolve("relative"));
        Files.createSymbolicLink(directory.resolve("relative/up"), Path.of("../relative/../everybodys/link"));
        assertThat(directory.resolve(way).toRealPath()).isEqualTo(program);
        assertThat(host.changeable(directory.resolve(way))).isEqualTo(everybodys);
    }

    @Test
    void linksWithinRootsOwnDirectories() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("n"), Path.of("real/../real/bin/n"));
        assertThat(host.changeable(link)).isNull();
        allow(program, "rwxrwxrwx");
        assertThat(host.changeable(link)).isEqualTo(program);
    }

    /** Nobody can tell then; it must not pass. */
    @Test
    void linksThatLeadNowhere() throws IOException {
        Path circle = directory.resolve("circle");
        Files.createSymbolicLink(circle, circle);
        Path broken = Files.createSymbolicLink(directory.resolve("broken"), directory.resolve("missing"));
        assertThat(host.changeable(circle)).isEqualTo(circle);
        assertThat(host.changeable(broken)).isEqualTo(broken);
    }

    @Test
    void rootByNameAndNumber() {
        assertThat(host.isRoot("root")).isTrue();
        assertThat(host.isRoot("0")).isTrue();
        assertThat(host.isRoot("+00")).isTrue();
        assertThat(host.isRoot("nobody")).isFalse();
        assertThat(host.isRoot("65534")).isFalse();
    }
}

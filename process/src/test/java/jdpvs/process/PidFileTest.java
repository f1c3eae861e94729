package jdpvs.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PidFileTest {
    @TempDir
    private Path directory;

    @Test
    void holdsTheProcessIdAndGoes() throws Exception {
        Path file = directory.resolve("dpvs.pid");
        try (PidFile held = create(file)) {
            assertThat(held).isNotNull();
            assertThat(Files.readString(file)).isEqualTo(ProcessHandle.current().pid() + "\n");
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999", "1", "garbage", ""})
    void staleFileIsReplaced(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("dpvs.pid"), content);
        create(file).close();
        assertThat(file).doesNotExist();
    }

    @Test
    void anotherDaemonIsRespected() throws Exception {
        Process other = new ProcessBuilder("sh", "-c", "sleep 20; : jdpvs.daemon").start();
        try {
            Path file = Files.writeString(directory.resolve("dpvs.pid"), other.pid() + "\n");
            assertThatThrownBy(() -> create(file))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("dpvs is already running");
            assertThat(file).exists();
        } finally {
            other.descendants().forEach(ProcessHandle::destroy);
            other.destroy();
        }
    }

    /** Killed, but nobody has waited for it: in a container without an init for as long as it lives. */
    @Test
    void aZombieDoesNotRun() throws Exception {
        Process parent =
                new ProcessBuilder("sh", "-c", "sh -c 'exit 0; : jdpvs.daemon' & echo $!; exec sleep 60").start();
        try {
            long zombie = Long.parseLong(
                    String.valueOf(parent.inputReader(StandardCharsets.US_ASCII).readLine()));
            await(() -> Files.readString(Path.of("/proc/" + zombie + "/stat")).contains(") Z "));
            assertThat(ProcessHandle.of(zombie)).as("its number is taken").isPresent();
            assertThat(PidFile.runs("jdpvs.daemon", zombie)).isFalse();
            Path file = Files.writeString(directory.resolve("dpvs.pid"), zombie + "\n");
            create(file).close();
            assertThat(file).doesNotExist();
        } finally {
            parent.destroy();
        }
    }

    @Test
    void aCommandLineMayHaveAnyBytes() throws Exception {
        Process other =
                new ProcessBuilder("sh", "-c", "exec sh -c \"read line; : jdpvs.daemon $(printf '\\344')\"").start();
        try {
            await(() -> new String(
                            Files.readAllBytes(Path.of("/proc/" + other.pid() + "/cmdline")),
                            StandardCharsets.ISO_8859_1)
                    .endsWith("\u00e4\0"));
            assertThat(PidFile.runs("jdpvs.daemon", other.pid())).isTrue();
            assertThat(PidFile.runs("jdpvs.keepalived", other.pid())).isFalse();
        } finally {
            other.destroy();
        }
    }

    @Test
    void aFileOfAnyBytesIsStale() throws Exception {
        Path file = Files.write(directory.resolve("dpvs.pid"), new byte[] {(byte) 0xff, 0, 'x'});
        create(file).close();
        assertThat(file).doesNotExist();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 3000 && !condition.call(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.call()).isTrue();
    }

    @Test
    void someoneElsesFileStays() throws Exception {
        Path file = directory.resolve("dpvs.pid");
        try (PidFile held = create(file)) {
            assertThat(held).isNotNull();
            Files.writeString(file, "12345\n");
        }
        assertThat(file).exists();
    }

    @Test
    void missingDirectoryIsNamed() {
        assertThatThrownBy(() -> create(directory.resolve("no/dpvs.pid")))
                .hasMessageContaining("its directory does not exist");
    }

    @Test
    void unwritableIsSaid() throws IOException {
        Path notDirectory = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> create(notDirectory.resolve("dpvs.pid")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot write pid file");
    }

    private static PidFile create(Path file) throws StartException {
        return PidFile.create(file, "dpvs", "jdpvs.daemon");
    }
}

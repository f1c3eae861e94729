package jdpvs.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

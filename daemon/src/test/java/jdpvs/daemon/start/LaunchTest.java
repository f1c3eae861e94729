package jdpvs.daemon.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends at once: words, versions, checks. */
class LaunchTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream standardError = new ByteArrayOutputStream();

    private int run(String... words) {
        return new Launch(new PrintStream(standardError, true, UTF_8)).run(words);
    }

    private String said() {
        return standardError.toString(UTF_8);
    }

    private Path configuration(String text) throws IOException {
        return Files.writeString(directory.resolve("dpvs.conf"), text);
    }

    @Test
    void version() {
        assertThat(run("-v")).isZero();
        assertThat(said()).startsWith("dpvs version: 1.10-2, build on ").contains("\njdpvs ");
    }

    @Test
    void help() {
        assertThat(run("-h")).isZero();
        assertThat(said()).isEqualTo(Options.USAGE);
    }

    @Test
    void badWords() {
        assertThat(run("--nonsense")).isOne();
        assertThat(said()).isEqualTo("dpvs: unknown option '--nonsense', see dpvs -h\n");
    }

    @Test
    void checkOfAGoodFile() throws IOException {
        Path file = configuration("""
                global_defs {
                    frobnicate
                }
                netif_defs {
                    device dpdk0 {
                    }
                }
                worker_defs {
                    worker cpu0 {
                        type master
                        cpu_id 0
                    }
                    worker cpu1 {
                        type slave
                        cpu_id 1
                        port dpdk0 {
                            rx_queue_ids 0
                            tx_queue_ids 0
                        }
                    }
                }
                """);
        assertThat(run("-c", file.toString(), "--check")).isZero();
        assertThat(said())
                .contains("warning: " + file + ":2: ")
                .contains("frobnicate")
                .endsWith("dpvs: " + file + " can be used\n");
    }

    @Test
    void checkOfABadFile() throws IOException {
        Path file = configuration("netif_defs {\n}\n");
        assertThat(run("-c", file.toString(), "--check")).isOne();
        assertThat(said()).contains("error: ").contains("master").contains("cannot use " + file);
    }

    @Test
    void checkOfNoFile() {
        assertThat(run("-c", directory + "/absent.conf", "--check")).isOne();
        assertThat(said()).contains("absent.conf");
    }
}

package jdpvs.keepalived.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From words to exit codes and what is said; starts in the background. */
@Timeout(300)
@Isolated("it takes System.out away from others")
class LaunchTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private Kept kept = new Kept(Path.of("unused"));

    @BeforeEach
    void make() {
        kept = new Kept(directory);
    }

    @AfterEach
    void end() throws Exception {
        kept.end();
    }

    private int run(String... words) {
        errors.reset();
        return new Launch(new PrintStream(errors, true, StandardCharsets.UTF_8)).run(words);
    }

    private String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "--no-such-word, 1, --no-such-word",
        "-S 8, 1, a facility is 0 to 7",
        "-P -C, 1, leave nothing to do",
        "-h, 0, Usage: keepalived",
        "-v, 0, Keepalived of jdpvs"
    })
    void words(String words, int code, String said) {
        assertThat(run(words.split(" "))).isEqualTo(code);
        assertThat(errors()).contains(said);
    }

    @Test
    void tests() throws Exception {
        String file = kept.configuration.toString();
        kept.configure(Kept.numbered(1));
        assertThat(run("-t", file)).isZero();
        assertThat(run("-f", file, "-t")).isZero();
        assertThat(errors()).isEqualTo("keepalived: " + file + " can be used\n");
        kept.configure(Kept.numbered(1) + Kept.numbered(1));
        assertThat(run("-t", file)).isEqualTo(Launch.ERRORS);
        assertThat(errors()).contains("error: " + file + ":6: virtual_server").contains("has errors");
        // Any body would do then, which nobody wants to learn later.
        kept.configure(Kept.numbered(1).replace("80 {", "80 {\nHTTP_GET { url { path / regex \"a(\" } }"));
        assertThat(run("-t", file)).isEqualTo(Launch.ERRORS);
        kept.configure("# nothing\n");
        assertThat(run("-t", file)).isEqualTo(Launch.UNUSABLE);
        assertThat(errors()).contains("cannot be used");
    }

    @Test
    void aDifferenceNeedsAKeepalivedThatRuns() throws Exception {
        kept.configure(Kept.numbered(1));
        assertThat(run(kept.words("--diff", kept.configuration.toString()))).isEqualTo(Launch.CANNOT_START);
        assertThat(errors()).contains("no keepalived runs with pid file " + kept.pidFile);
    }

    private List<String> difference(String... more) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            List<String> words = new ArrayList<>(List.of("--diff", kept.configuration.toString()));
            words.addAll(List.of(more));
            assertThat(run(kept.words(words.toArray(String[]::new))))
                    .as(errors())
                    .isZero();
        } finally {
            System.setOut(before);
        }
        return output.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** The running one reads the file by what its own -i said, whoever asks. */
    @Test
    void aDifferenceIsByTheIdentityOfTheOneThatRuns() throws Exception {
        String text = Kept.numbered(0) + "@one " + Kept.numbered(1).replace("\n", "\n@one ") + "\n@^one "
                + Kept.numbered(2).replace("\n", "\n@^one ") + "\n";
        kept.configure(text);
        Process process = kept.start("-i", "one");
        kept.awaitRead(1);
        assertThat(difference()).containsExactly("nothing would change");
        assertThat(difference("-i", "one")).containsExactly("nothing would change");
        assertThat(difference("-i", "two"))
                .anyMatch(line -> line.contains("1001"))
                .anyMatch(line -> line.contains("1002"));
        kept.configure(text + "@one " + Kept.numbered(3).replace("\n", "\n@one ") + "\n");
        assertThat(difference()).isNotEmpty().allMatch(line -> line.contains("1003"));
        Kept.signal(process.pid(), "HUP");
        kept.awaitRead(3);
        assertThat(difference()).as("after a reload too").containsExactly("nothing would change");
    }

    @Test
    void aDifferenceWithoutAnIdentity() throws Exception {
        String text = Kept.numbered(0) + "@one " + Kept.numbered(1).replace("\n", "\n@one ") + "\n";
        kept.configure(text);
        assertThat(kept.start().isAlive()).isTrue();
        kept.awaitRead(0);
        assertThat(difference()).containsExactly("nothing would change");
        assertThat(difference("-i", "one")).isNotEmpty().allMatch(line -> line.contains("1001"));
    }

    @Test
    void aStartInTheBackgroundEndsWhenItIsReady() throws Exception {
        kept.configure(Kept.numbered(0));
        assertThat(kept.run()).isZero();
        long pid = Long.parseLong(Files.readString(kept.pidFile).strip());
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        try {
            assertThat(process.isAlive()).isTrue();
            assertThat(Files.readAllLines(kept.loadedFile).getFirst())
                    .matches("# read by keepalived " + pid + " [0-9a-f-]{36}");
            assertThat(Files.getPosixFilePermissions(kept.loadedFile))
                    .as("it may hold passwords")
                    .hasSize(2);
            assertThat(kept.run()).isEqualTo(Launch.CANNOT_START);
            assertThat(kept.standardError).content().contains("keepalived is already running (process " + pid);
            assertThat(process.isAlive()).isTrue();
            kept.configure(Kept.numbered(1));
            Kept.signal(pid, "HUP");
            kept.awaitRead(1);
        } finally {
            process.destroy();
        }
        Kept.await("its end", () -> !Files.exists(kept.pidFile) && !Files.exists(kept.loadedFile));
    }

    @Test
    void aStartInTheBackgroundThatFailsSaysWhy() throws Exception {
        kept.configure("# nothing\n");
        assertThat(kept.run()).isEqualTo(Launch.UNUSABLE);
        assertThat(kept.standardError).content().contains("cannot be used");
        kept.configure(Kept.numbered(0));
        Files.delete(kept.log);
        Files.createDirectory(kept.log);
        assertThat(kept.run()).isEqualTo(Launch.CANNOT_START);
        assertThat(kept.standardError).content().contains("cannot write log file " + kept.log);
        assertThat(kept.pidFile).doesNotExist();
    }

    /** What a killed one has left behind, whose number the new one has: in a container that is usual. */
    @Test
    void whatAnotherStartHasReadIsNoReadiness() throws Exception {
        Background background = new Background(Options.parse(kept.words()), kept.words(), System.err);
        Background other = new Background(Options.parse(kept.words()), kept.words(), System.err);
        for (String stale : List.of(
                Running.readBy(4711, ""),
                Running.readBy(4711, other.start),
                Running.readBy(4712, background.start),
                "")) {
            Files.writeString(kept.loadedFile, stale + "\n" + Kept.numbered(0));
            assertThat(background.ready(kept.loadedFile, 4711)).as(stale).isFalse();
        }
        Files.writeString(kept.loadedFile, Running.readBy(4711, background.start) + "\n" + Kept.numbered(0));
        assertThat(background.ready(kept.loadedFile, 4711)).isTrue();
        Files.delete(kept.loadedFile);
        assertThat(background.ready(kept.loadedFile, 4711)).isFalse();
    }
}

package jdpvs.keepalived.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals of a process that runs, and reloads that meet trouble. */
@Timeout(300)
class RunningTest {
    @TempDir
    Path directory;

    private Kept kept = new Kept(Path.of("unused"));

    @BeforeEach
    void make() {
        kept = new Kept(directory);
    }

    @AfterEach
    void end() throws Exception {
        kept.end();
    }

    /** A reload that waits: its log file is a pipe now, which cannot be opened before somebody reads. */
    private Path holdReloads() throws Exception {
        Path moved = directory.resolve("log.1");
        Files.move(kept.log, moved);
        assertThat(new ProcessBuilder("mkfifo", kept.log.toString()).start().waitFor())
                .isZero();
        return moved;
    }

    /** Reads what is logged from now on, and lets reloads go on. */
    private List<String> letReloadsGo() {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Thread thread = Thread.ofPlatform().daemon().unstarted(() -> {
            // Open for writing too: no end of the pipe between two reloads.
            try (RandomAccessFile pipe = new RandomAccessFile(kept.log.toFile(), "rw")) {
                while (true) {
                    lines.add(String.valueOf(pipe.readLine()));
                }
            } catch (IOException e) {
                lines.add(e.toString());
            }
        });
        thread.start();
        return lines;
    }

    private static long count(List<String> lines, String text) {
        synchronized (lines) {
            return lines.stream().filter(line -> line.contains(text)).count();
        }
    }

    private static void storm(Process process) throws Exception {
        Kept.signal(process.pid(), "HUP");
        // Nothing tells outside that this one is on its way, which the others are to meet.
        Thread.sleep(2000);
        for (int i = 0; i < 10; i++) {
            Kept.signal(process.pid(), "HUP");
            Thread.sleep(20);
        }
    }

    /** Those that come while one is on its way are one, and it is read after the last of them. */
    @Test
    void manyReloadsAreFewAndTheLastConfigurationCounts() throws Exception {
        kept.configure(Kept.numbered(0));
        Process process = kept.start();
        kept.awaitRead(0);
        Path log = holdReloads();
        kept.configure(Kept.numbered(1));
        storm(process);
        kept.configure(Kept.numbered(2));
        List<String> lines = letReloadsGo();
        Kept.await("two reloads", () -> count(lines, "reloaded") == 2);
        kept.awaitRead(2);
        kept.configure(Kept.numbered(3));
        Kept.signal(process.pid(), "HUP");
        kept.awaitRead(3);
        Kept.await("one reload more", () -> count(lines, "reloaded") >= 3);
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(count(lines, "reloaded")).isEqualTo(3);
        assertThat(Kept.count(log, "reloaded")).isZero();
    }

    @Test
    void theEndGoesBeforeReloadsThatWait() throws Exception {
        kept.configure(Kept.numbered(0));
        Process process = kept.start();
        kept.awaitRead(0);
        Path log = holdReloads();
        storm(process);
        Kept.signal(process.pid(), "TERM");
        // Nothing tells outside that it has heard it.
        Thread.sleep(2000);
        List<String> lines = letReloadsGo();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        Kept.await("its last words", () -> count(lines, "stopping") == 1);
        assertThat(count(lines, "reloaded")).as("the one that was on its way").isEqualTo(1);
        assertThat(Kept.count(log, "reloaded")).isZero();
        assertThat(kept.pidFile).doesNotExist();
        assertThat(kept.loadedFile).doesNotExist();
    }

    /** A reload without a place for its log: lines go where they went, all else is as it should be. */
    @Test
    void aLogFileThatCannotBeOpenedStopsNothing() throws Exception {
        kept.configure(Kept.numbered(0));
        Process process = kept.start();
        kept.awaitRead(0);
        Path moved = directory.resolve("log.1");
        Files.move(kept.log, moved);
        Files.createDirectory(kept.log);
        for (int i = 1; i <= 2; i++) {
            kept.configure(Kept.numbered(i));
            Kept.signal(process.pid(), "HUP");
            kept.awaitRead(i);
            long reloads = i;
            Kept.await("the log's line", () -> Kept.count(moved, "reloaded") == reloads);
            assertThat(Kept.count(moved, "cannot write log file " + kept.log)).isEqualTo(i);
        }
        assertThat(process.isAlive()).isTrue();
        Files.delete(kept.log);
        Kept.signal(process.pid(), "HUP");
        Kept.await("the new file", () -> kept.logged("reloaded") == 1);
    }

    /** Nor does a file that cannot be used. */
    @Test
    void aFileThatCannotBeUsedChangesNothing() throws Exception {
        kept.configure(Kept.numbered(0));
        Process process = kept.start();
        kept.awaitRead(0);
        kept.configure("worker_defs { }\n");
        Kept.signal(process.pid(), "HUP");
        Kept.await("the refusal", () -> kept.logged("nothing is changed") == 1);
        kept.awaitRead(0);
        kept.configure(Kept.numbered(1));
        Kept.signal(process.pid(), "HUP");
        kept.awaitRead(1);
        assertThat(process.isAlive()).isTrue();
    }

    /** A log daemon or terminal that does not read: here standard error, which is a pipe that is full. */
    @Test
    void aTerminalThatDoesNotReadStopsNothing() throws Exception {
        kept.configure(Kept.numbered(0));
        assertThat(new ProcessBuilder("mkfifo", kept.standardError.toString())
                        .start()
                        .waitFor())
                .isZero();
        try (RandomAccessFile unread = new RandomAccessFile(kept.standardError.toFile(), "rw")) {
            byte[] much = new byte[1 << 16];
            unread.write(much);
            Process process = kept.start("-l");
            kept.awaitRead(0);
            for (int i = 1; i <= 3; i++) {
                kept.configure(Kept.numbered(i));
                Kept.signal(process.pid(), "HUP");
                kept.awaitRead(i);
            }
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }
}

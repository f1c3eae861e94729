package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of ours that runs beside the test; everything it prints goes to one file. */
final class Running implements AutoCloseable {
    private final List<String> command;
    private final Path log;
    private final Process process;

    private Running(List<String> command, Path log, Process process) {
        this.command = command;
        this.log = log;
        this.process = process;
    }

    static Running start(Path log, List<String> command, Map<String, String> environment) {
        try {
            Files.createDirectories(log.getParent());
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new Running(command, log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that was printed so far. */
    String printed() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the text was printed. */
    void awaitPrinted(String text, Duration limit) {
        Await.until(
                limit,
                () -> printed().contains(text),
                () -> "'%s' printed by '%s'; it printed:%n%s".formatted(text, String.join(" ", command), printed()));
    }

    void type(String line) {
        try {
            Writer input = process.outputWriter(StandardCharsets.UTF_8);
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command) + " takes no input any more: " + printed(), e);
        }
    }

    void endOfInput() {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param name as kill(1) knows it, for example {@code TERM} */
    void signal(String name) {
        Shell.run(Duration.ofSeconds(5), List.of("kill", "-" + name, Long.toString(pid())), Map.of(), "")
                .succeeded();
    }

    /** @return the exit code; 128 + number after a signal */
    int awaitExit(Duration limit) {
        try {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as("'%s' ended within %s; it printed:%n%s", String.join(" ", command), limit, printed())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}

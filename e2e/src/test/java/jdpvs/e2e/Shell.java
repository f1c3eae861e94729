package jdpvs.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs a command to its end. */
final class Shell {
    /** The checkout: Surefire runs tests in the module's directory. */
    static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    private static final int TIMED_OUT = 124;

    private Shell() {}

    static Outcome run(Duration limit, List<String> command, Map<String, String> environment, String input) {
        long began = System.nanoTime();
        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            var builder = new ProcessBuilder(command).directory(HOME.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            Future<String> output = readers.submit(readAll(process.getInputStream()));
            Future<String> errors = readers.submit(readAll(process.getErrorStream()));
            Future<Boolean> fed = readers.submit(() -> {
                try (OutputStream stream = process.getOutputStream()) {
                    stream.write(input.getBytes(StandardCharsets.UTF_8));
                }
                return true;
            });
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            fed.cancel(true);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            var took = Duration.ofNanos(System.nanoTime() - began);
            return new Outcome(command, ended ? process.exitValue() : TIMED_OUT, output.get(), errors.get(), took);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Callable<String> readAll(InputStream stream) {
        return () -> new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
}

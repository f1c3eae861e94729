package jdpvs.keepalived.start;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdpvs.process.StartException;

/**
 * A start in the background, as {@code Type=forking} wants it: the first process ends with 0 when the second one's id is in the pid file and the configuration is in use, and otherwise with the second
 * one's exit code.
 *
 * <p>The JVM cannot fork; the second process is another JVM with the same words and {@code -n}. Its standard error comes through us until it is ready, and leads nowhere after that, so that nobody who
 * reads ours waits for a daemon to end.
 */
final class Background {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Options options;
    private final List<String> words;
    private final PrintStream standardError;
    /** Tells this start from others. */
    final String start = UUID.randomUUID().toString();

    Background(Options options, String[] words, PrintStream standardError) {
        this.options = options;
        this.words = List.of(words);
        this.standardError = standardError;
    }

    /** @return the exit code */
    int started() throws StartException, InterruptedException {
        Process child;
        try {
            ProcessBuilder builder = new ProcessBuilder(command())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put(Running.START_VARIABLE, start);
            child = builder.start();
        } catch (IOException e) {
            throw new StartException("the background process cannot be started: " + Launch.reason(e), e);
        }
        Thread copying = Thread.ofVirtual().start(() -> copy(child.getErrorStream()));
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < deadline) {
            if (child.waitFor(20, TimeUnit.MILLISECONDS)) {
                copying.join();
                return child.exitValue();
            }
            if (ready(options.loadedFile(), child.pid())) {
                return 0;
            }
        }
        child.destroy();
        throw new StartException("the background process was not ready within 60 s and was ended");
    }

    /** This JVM's own command, in a session of its own (setsid, util-linux): the terminal's signals do not reach it. */
    private List<String> command() throws StartException {
        String java = ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new StartException("the path of this JVM is not known"));
        List<String> command = new ArrayList<>(List.of("setsid", java));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String path = System.getProperty("jdk.module.path");
        if (path != null) {
            command.addAll(List.of("-p", path, "-m", "jdpvs.keepalived/jdpvs.keepalived.Main"));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "jdpvs.keepalived.Main"));
        }
        command.addAll(words);
        command.add("-n");
        return command;
    }

    private void copy(InputStream from) {
        try (from) {
            from.transferTo(standardError);
        } catch (IOException _) {
            // The process is gone, which its exit code tells.
        }
    }

    /** The configuration is in use; the pid file was written before that. */
    boolean ready(Path loadedFile, long pid) {
        try (Stream<String> lines = Files.lines(loadedFile)) {
            return lines.findFirst().orElse("").equals(Running.readBy(pid, start));
        } catch (IOException | UncheckedIOException _) {
            return false;
        }
    }
}

package jdpvs.keepalived.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import jdpvs.control.ControlPaths;

/** A keepalived in a process of its own, without a dpvs and without VRRP, which tests send signals to. */
final class Kept {
    /** For what is to happen, also on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final Path directory;
    final Path configuration;
    final Path pidFile;
    final Path loadedFile;
    final Path log;
    final Path standardError;
    private final List<Process> processes = new ArrayList<>();

    Kept(Path directory) {
        this.directory = directory;
        configuration = directory.resolve("keepalived.conf");
        pidFile = directory.resolve("k.pid");
        loadedFile = directory.resolve("k.loaded");
        log = directory.resolve("log");
        standardError = directory.resolve("standard-error");
    }

    /** A configuration whose number can be found in what the process has read. */
    static String numbered(int number) {
        return "virtual_server 192.0.2.1 " + (1000 + number) + " {\nprotocol TCP\nreal_server 192.0.2.11 80 {\n}\n}\n";
    }

    void configure(String text) throws IOException {
        Path next = Files.writeString(directory.resolve("next.conf"), text);
        Files.move(next, configuration, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Words of every start: nothing outside of the directory is touched. */
    String[] words(String... more) {
        List<String> words = new ArrayList<>(
                List.of("-C", "-G", "-f", configuration.toString(), "-p", pidFile.toString(), "-g", log.toString()));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private Process launch(String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "jdpvs.keepalived.Main"));
        command.addAll(List.of(words(more)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(standardError.toFile());
        builder.environment()
                .put(ControlPaths.SOCKET_VARIABLE, directory.resolve("socket").toString());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Runs one to its end. @return its exit code; what it said is in {@link #standardError} */
    int run(String... more) throws Exception {
        Process process = launch(more);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return process.exitValue();
    }

    /** Starts it in the foreground and waits until its configuration is in use. */
    Process start(String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(more));
        words.add("-n");
        Process process = launch(words.toArray(String[]::new));
        await("the start", () -> {
            assertThat(process.isAlive()).as("it lives").isTrue();
            return logged("started with") == 1;
        });
        return process;
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("no end of waiting for %s", what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    static void signal(long pid, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** How often something stands in the log. */
    long logged(String text) throws IOException {
        return count(log, text);
    }

    static long count(Path file, String text) throws IOException {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.contains(text))
                    .count();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Waits until the process has read the configuration of this number. */
    void awaitRead(int number) throws Exception {
        await("configuration " + number, () -> count(loadedFile, " " + (1000 + number) + " {") == 1);
    }

    /** Ends those that still run. */
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}

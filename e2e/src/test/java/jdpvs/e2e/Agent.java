package jdpvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The agent of real servers, attached to a control group of this test's own, which must be empty again before {@link #close}. */
final class Agent implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final Path controlGroup;
    final Path pins;

    private Agent(Path controlGroup, Path pins) {
        this.controlGroup = controlGroup;
        this.pins = pins;
    }

    /** With its control group, not loaded. */
    static Agent create() {
        String name = "jdpvs-e2e-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        Path root = Path.of(Shell.run(PATIENCE, List.of("findmnt", "-n", "-o", "TARGET", "-t", "cgroup2"), Map.of(), "")
                .succeeded()
                .lines()
                .findFirst()
                .orElseThrow());
        try {
            return new Agent(Files.createDirectory(root.resolve(name)), Path.of("/sys/fs/bpf", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loaded, trusting the how-to's local address. */
    static Agent load() {
        Agent agent = create();
        try {
            agent.load("--trust 192.168.229.204");
            return agent;
        } catch (AssertionError e) {
            agent.close();
            throw e;
        }
    }

    String load(String trust) {
        return toa("load " + trust + " --cgroup " + controlGroup).succeeded();
    }

    Outcome toa(String words) {
        return run(List.of(), words + " --pin " + pins);
    }

    /** Under another command, without this agent's pins. */
    static Outcome run(List<String> under, String words) {
        var command = new ArrayList<>(under);
        command.add(Dpvs.program("toa"));
        command.addAll(List.of(words.split(" +")));
        return Shell.run(PATIENCE, command, Map.of(), "");
    }

    long count(String counter) {
        return toa("stats").counter(counter);
    }

    @Override
    public void close() {
        toa("unload");
        Await.until(Duration.ofSeconds(15), this::removed, () -> "an empty " + controlGroup);
    }

    private boolean removed() {
        try {
            Files.deleteIfExists(controlGroup);
            return true;
        } catch (IOException busy) {
            return false;
        }
    }
}

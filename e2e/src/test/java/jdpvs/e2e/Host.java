package jdpvs.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A host of a lab: a network namespace in which commands run. Commands are lines of words; words hold no blanks. */
final class Host {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger LOGS = new AtomicInteger();

    private final String namespace;
    private final String name;
    private final Path directory;
    /** What stands before every command. */
    private final List<String> before;

    Host(String namespace, String name, Path directory) {
        this(namespace, name, directory, List.of());
    }

    private Host(String namespace, String name, Path directory, List<String> before) {
        this.namespace = namespace;
        this.name = name;
        this.directory = directory;
        this.before = before;
    }

    /** The same host, whose commands run in a control group. They enter it first: "ip netns exec" hides the mounts of cgroup2. */
    Host in(Path controlGroup) {
        return new Host(
                namespace,
                name,
                directory,
                List.of("sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", controlGroup.toString()));
    }

    Outcome run(String line) {
        return run(PATIENCE, line);
    }

    Outcome run(Duration limit, String line) {
        return Shell.run(limit, inside(words(line)), Map.of(), "");
    }

    /** Runs a line of shell. */
    Outcome shell(Duration limit, String script) {
        return Shell.run(limit, inside(List.of("bash", "-c", script)), Map.of(), "");
    }

    Running start(String line) {
        return start(words(line), directory.resolve(name + "-" + LOGS.incrementAndGet() + ".log"), Map.of());
    }

    Running start(List<String> command, Path log, Map<String, String> environment) {
        return Running.start(log, inside(command), environment);
    }

    /** Runs one of {@link Peer}'s roles. */
    Running peer(String line) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp"));
        command.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        command.add(Peer.class.getName());
        command.addAll(words(line));
        return start(command, directory.resolve(name + "-" + LOGS.incrementAndGet() + ".log"), Map.of());
    }

    /** Fetches a page with curl; fails the test when that fails. */
    String curl(String address) {
        return run("curl -sS --max-time 10 http://" + address).succeeded();
    }

    String macAddress(String networkInterface) {
        return run("cat /sys/class/net/" + networkInterface + "/address")
                .succeeded()
                .strip();
    }

    /** Makes a neighbour send to this host what is for an address that no one has. */
    void claims(String address, String networkInterface, Host neighbour, String neighboursInterface) {
        neighbour
                .run("ip neigh replace " + address + " lladdr " + macAddress(networkInterface) + " dev "
                        + neighboursInterface)
                .succeeded();
    }

    Path directory() {
        return directory;
    }

    String name() {
        return name;
    }

    private List<String> inside(List<String> command) {
        var all = new ArrayList<>(before);
        all.addAll(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        return all;
    }

    private static List<String> words(String line) {
        return List.of(line.split(" +"));
    }
}

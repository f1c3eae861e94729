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

/** A dpvs of this test's own in a host of a lab, with its own configuration, pid file and socket. */
final class Dpvs implements AutoCloseable {
    /** Three times what the project promises from start to forwarding. */
    static final Duration START_LIMIT = Duration.ofSeconds(6);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path socket;
    private final Path pidFile;
    private final Path configurationFile;
    private final Running process;

    private Dpvs(Path socket, Path pidFile, Path configurationFile, Running process) {
        this.socket = socket;
        this.pidFile = pidFile;
        this.configurationFile = configurationFile;
        this.process = process;
    }

    /** Starts and waits until it answers. */
    static Dpvs start(Lab lab, Configuration configuration, String... moreWords) {
        Dpvs dpvs = launch(lab.dpvs(), configuration.text(), moreWords);
        dpvs.awaitAnswer();
        return dpvs;
    }

    /** Starts and does not wait. */
    static Dpvs launch(Host host, String configuration, String... moreWords) {
        return launchBy(List.of(), host, configuration, moreWords);
    }

    /** @param before words that start a program, for example {@code nohup} */
    static Dpvs launchBy(List<String> before, Host host, String configuration, String... moreWords) {
        int number = NUMBER.incrementAndGet();
        Path stem = host.directory().resolve("dpvs-" + number);
        Path file = write(stem.resolveSibling(stem.getFileName() + ".conf"), configuration);
        Path pid = stem.resolveSibling(stem.getFileName() + ".pid");
        Path socket = stem.resolveSibling(stem.getFileName() + ".ipc");
        return launchBy(before, host, file, pid, socket, moreWords);
    }

    static Dpvs launch(Host host, Path configurationFile, Path pidFile, Path socket, String... moreWords) {
        return launchBy(List.of(), host, configurationFile, pidFile, socket, moreWords);
    }

    private static Dpvs launchBy(
            List<String> before, Host host, Path configurationFile, Path pidFile, Path socket, String... moreWords) {
        var command = new ArrayList<>(before);
        command.addAll(List.of(
                program("dpvs"),
                "-c",
                configurationFile.toString(),
                "-p",
                pidFile.toString(),
                "-x",
                socket.toString()));
        command.addAll(List.of(moreWords));
        Path log = DaemonLogs.next();
        return new Dpvs(socket, pidFile, configurationFile, host.start(command, log, Map.of()));
    }

    /** @return the words {@code bin/dpvs} with {@code words} of its own, run to its end */
    static Outcome run(Host host, String words) {
        return host.run(PATIENCE, program("dpvs") + " " + words);
    }

    void awaitAnswer() {
        Await.until(
                START_LIMIT.plusSeconds(14),
                // Asked before there is a socket, the tool's JVM only takes processor from the daemon's.
                () -> !process.isAlive()
                        || (Files.exists(socket) && dpip("link show").exitCode() == 0),
                () -> "an answer of dpvs; it printed:%n%s".formatted(process.printed()));
        if (!process.isAlive()) {
            throw new AssertionError("dpvs ended at once; it printed:%n%s".formatted(process.printed()));
        }
    }

    Outcome dpip(String words) {
        return tool("dpip", words, "");
    }

    Outcome ipvsadm(String words) {
        return tool("ipvsadm", words, "");
    }

    Outcome ipvsadm(String words, String input) {
        return tool("ipvsadm", words, input);
    }

    Outcome dpvsctl(String words) {
        return tool("dpvsctl", words, "");
    }

    /** Types lines such as {@code dpip addr add 10.0.96.204/32 dev dpdk2}, each of which must succeed. */
    void type(String... lines) {
        for (String line : lines) {
            int blank = line.indexOf(' ');
            tool(line.substring(0, blank), line.substring(blank + 1), "").succeeded();
        }
    }

    /** The how-to's addresses and routes, without services. */
    void typeHowToNetwork() {
        type(
                "dpip addr add 10.0.96.204/32 dev dpdk2",
                "dpip route add 10.0.96.0/24 dev dpdk2",
                "dpip route add 192.168.229.0/24 dev dpdk0",
                "dpip route add default via 10.0.96.254 dev dpdk2");
    }

    /** A full-NAT service of the how-to's network with its local address. */
    void typeHowToService(String service, String scheduler) {
        type(
                "ipvsadm -A " + service + " -s " + scheduler,
                "ipvsadm --add-laddr -z 192.168.229.204 " + service + " -F dpdk0");
    }

    /** The how-to's network and web service, with both servers; the service in one command, for a tool's start is most of what a command takes. */
    void typeHowTo() {
        typeHowToNetwork();
        ipvsadm("-R", """
                -A -t 10.0.96.204:80 -s rr
                -P -t 10.0.96.204:80 -z 192.168.229.204 -F dpdk0
                -a -t 10.0.96.204:80 -r 192.168.229.1:80 -b
                -a -t 10.0.96.204:80 -r 192.168.229.2:80 -b
                """).succeeded();
    }

    /** @return the total of a reason as {@code dpvsctl drops} counts it */
    long drops(String reason) {
        return dpvsctl("drops")
                .succeeded()
                .lines()
                .map(line -> line.trim().split(" +"))
                .filter(words -> words.length > 1 && words[0].equals(reason))
                .mapToLong(words -> Long.parseLong(words[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("dpvsctl drops does not know " + reason));
    }

    Running process() {
        return process;
    }

    Path socket() {
        return socket;
    }

    Path pidFile() {
        return pidFile;
    }

    Path configurationFile() {
        return configurationFile;
    }

    @Override
    public void close() {
        process.close();
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String program(String name) {
        return Shell.HOME.resolve("bin").resolve(name).toString();
    }

    private Outcome tool(String name, String words, String input) {
        var command = new ArrayList<>(List.of(program(name)));
        command.addAll(List.of(words.trim().split(" +")));
        return Shell.run(PATIENCE, command, Map.of("DPVS_IPC_FILE", socket.toString()), input);
    }
}

package jdpvs.toa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import jdpvs.linux.MountTable;
import jdpvs.linux.NetworkNamespace;
import jdpvs.linux.lab.Lab;

/**
 * A real server for tests, all of it taken away by {@link #close}: a network namespace with 10.77.0.1 and 2001:db8:77::1 on a veth whose other end, {@code wire}, is free for
 * hand-made packets; a control group, which this process belongs to meanwhile; a directory for pins.
 */
final class RealServer implements AutoCloseable {
    static final String IPV4 = "10.77.0.1";
    static final String IPV6 = "2001:db8:77::1";
    static final String SERVER_MAC = "02:00:00:00:77:0a";
    static final String WIRE_MAC = "02:00:00:00:77:0b";
    /** What tests trust: hand-made packets come from here as if from a balancer. */
    static final String TRUSTED = "10.78.0.0/16,2001:db8:78::/64";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name = "jdpvs-toatest-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    final Path root = MountTable.current().first("cgroup2").orElseThrow();
    private final Path home = root.resolve(ownControlGroup().substring(1)).normalize();
    final Path controlGroup = root.resolve(name);
    final Path pins = Path.of("/sys/fs/bpf", name);
    private final ExecutorService inside = Executors.newSingleThreadExecutor();

    RealServer() {
        try {
            Files.createDirectory(controlGroup);
            Lab.run("ip netns add " + name);
            ip("link set lo up");
            ip("link add eth0 address " + SERVER_MAC + " type veth peer name wire address " + WIRE_MAC);
            sysctl("net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0");
            sysctl("net.ipv6.conf.wire.disable_ipv6=1 net.ipv4.tcp_syncookies=0");
            sysctl("net.ipv4.tcp_max_syn_backlog=16384 net.core.somaxconn=16384");
            ip("link set eth0 up");
            ip("link set wire up");
            ip("address add " + IPV4 + "/24 dev eth0");
            ip("address add " + IPV6 + "/64 dev eth0 nodad");
            ip("neigh add 10.77.0.2 lladdr " + WIRE_MAC + " dev eth0 nud permanent");
            ip("neigh add 2001:db8:77::2 lladdr " + WIRE_MAC + " dev eth0 nud permanent");
            ip("route add default via 10.77.0.2");
            ip("-6 route add default via 2001:db8:77::2");
            inside.submit(() -> NetworkNamespace.enter(name)).get();
            join(controlGroup);
        } catch (IOException | ExecutionException e) {
            close();
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            close();
            throw new IllegalStateException(e);
        } catch (RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** Runs on the one thread whose sockets belong to the server. */
    <T> T inside(Callable<T> work) {
        try {
            return inside.submit(work).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the agent printed. */
    record Answer(int exitCode, String out, String error) {
        String succeeded() {
            assertThat(exitCode).as(error).isZero();
            assertThat(error).isEmpty();
            return out;
        }
    }

    /** Runs the agent's command line with this server's pins. */
    Answer toa(String line) {
        return run(line + " --pin " + pins);
    }

    Answer load() {
        Answer answer = toa("load --trust " + TRUSTED + " --cgroup " + controlGroup);
        answer.succeeded();
        return answer;
    }

    static Answer run(String line) {
        var out = new StringWriter();
        var error = new StringWriter();
        int exitCode = Main.run(
                line.isBlank() ? new String[0] : line.strip().split(" +"),
                new PrintWriter(out, true),
                new PrintWriter(error, true));
        return new Answer(exitCode, out.toString(), error.toString());
    }

    /** A counter as {@code toa stats} prints it. */
    long count(String counter) {
        return toa("stats")
                .succeeded()
                .lines()
                .map(line -> line.split(" +"))
                .filter(words -> words[0].equals(counter))
                .mapToLong(words -> Long.parseLong(words[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no counter " + counter));
    }

    void ip(String words) {
        Lab.ip(name, words);
    }

    void sysctl(String words) {
        Lab.run("ip netns exec " + name + " sysctl -qw " + words);
    }

    @Override
    public void close() {
        try {
            join(home);
            if (Files.isDirectory(pins)) {
                try (var pinned = Files.list(pins)) {
                    for (Path pin : pinned.toList()) {
                        Files.delete(pin);
                    }
                }
                Files.delete(pins);
            }
            Files.deleteIfExists(controlGroup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            inside.shutdownNow();
            if (Files.exists(Path.of("/run/netns", name))) {
                Lab.run("ip netns delete " + name);
            }
        }
    }

    private static void join(Path group) throws IOException {
        Files.writeString(
                group.resolve("cgroup.procs"),
                Long.toString(ProcessHandle.current().pid()));
    }

    private static String ownControlGroup() {
        try {
            return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                    .filter(line -> line.startsWith("0::"))
                    .map(line -> line.substring(3))
                    .findFirst()
                    .orElse("/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** dpvs and keepalived on one of the two balancers of {@link Lab#ecmp}, set up as the how-to's section 5: bonds (of one cable each), kernel interfaces, and routes by hand. */
final class KeptBalancer implements AutoCloseable {
    private static final Path CONFIGURATIONS = Shell.HOME.resolve("conf/demo/keepalived");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Between the transaction of a change and what a listing shows. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private static final Pattern SERVER = Pattern.compile("-> (\\S+) +FullNat +(\\d+) ");

    private final Host host;
    private final int number;
    private final Path configuration;
    private final Path pidFile;
    private final Path log;
    private Dpvs dpvs;

    private KeptBalancer(Lab lab, int number) {
        this.host = lab.balancer(number);
        this.number = number;
        Path stem = host.directory().resolve("keepalived-" + number);
        this.configuration = stem.resolveSibling(stem.getFileName() + ".conf");
        this.pidFile = stem.resolveSibling(stem.getFileName() + ".pid");
        this.log = stem.resolveSibling(stem.getFileName() + ".log");
        this.dpvs = launch();
    }

    /** Starts dpvs and does not wait. */
    static KeptBalancer launch(Lab lab, int number) {
        return new KeptBalancer(lab, number);
    }

    private Dpvs launch() {
        return Dpvs.launch(host, read(CONFIGURATIONS.resolve("dpvs.conf")));
    }

    /** The demo's keepalived.conf of this balancer: the first is the master. */
    String itsConfiguration() {
        return read(CONFIGURATIONS.resolve(number == 1 ? "master.conf" : "backup.conf"));
    }

    /** The kernel's addresses and dpvs's routes, once dpvs answers. */
    void typeNetwork() {
        dpvs.awaitAnswer();
        host.shell(
                        PATIENCE,
                        "echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6; echo 0 > /proc/sys/net/ipv6/conf/default/disable_ipv6;"
                                + " ip link set bond1.kni up && ip address replace 192.168.229."
                                + (200 - number) + "/24 dev bond1.kni"
                                + " && ip link set bond2.kni up && ip address replace 10.0.96." + (201 - number)
                                + "/24 dev bond2.kni")
                .succeeded();
        typeRoutes();
    }

    void typeRoutes() {
        dpvs.type(
                "dpip route add 10.0.96.0/24 dev bond2",
                "dpip route add 192.168.229.0/24 dev bond1",
                "dpip route add default via 10.0.96.254 dev bond2",
                "dpip route -6 add 2001::/64 dev bond2",
                "dpip route -6 add default via 2001::1 dev bond2");
    }

    Host host() {
        return host;
    }

    Dpvs dpvs() {
        return dpvs;
    }

    /** Kills dpvs, waits until it is gone. */
    void killDpvs() {
        dpvs.process().signal("KILL");
        dpvs.process().awaitExit(PATIENCE);
    }

    void launchDpvsAgain() {
        dpvs = Dpvs.launch(host, dpvs.configurationFile(), dpvs.pidFile(), dpvs.socket());
    }

    /** Starts keepalived in the background, as the how-to does; it is in use when this returns. */
    void keepalived(String text, String... words) {
        Dpvs.write(configuration, text);
        host.shell(PATIENCE, command(pidFile, String.join(" ", words))).succeeded();
        assertThat(Files.exists(Path.of("/proc/" + pid()))).isTrue();
    }

    /**
     * One of two that share the work, in the background.
     *
     * @param part {@code -P} or {@code -C}
     * @return its process id
     */
    long keepalivedPart(String text, String part) {
        Dpvs.write(configuration, text);
        Path file = pidFile.resolveSibling("keepalived-" + number + part + ".pid");
        host.shell(PATIENCE, command(file, part)).succeeded();
        return Long.parseLong(read(file).strip());
    }

    private String command(Path pids, String words) {
        return "DPVS_IPC_FILE=" + dpvs.socket() + " " + Dpvs.program("keepalived") + " -f " + configuration + " -p "
                + pids + " -g " + log + " -D -d -S 0 " + words;
    }

    /** @param words for example {@code -t}; run to their end */
    Outcome run(String words) {
        return host.shell(PATIENCE, command(pidFile, words));
    }

    long pid() {
        return Long.parseLong(read(pidFile).strip());
    }

    String log() {
        return read(log);
    }

    /** How many lines of the log have the text. */
    long logged(String text) {
        return log().lines().filter(line -> line.contains(text)).count();
    }

    void awaitLogged(String text) {
        Await.until(PATIENCE, () -> logged(text) > 0, () -> text + " in the log:\n" + log());
    }

    /** Reads another configuration, and returns when it is in use. */
    void reload(String text) {
        String done = ": reloaded ";
        long before = logged(done);
        Dpvs.write(configuration, text);
        signal("HUP");
        Await.until(SOON, () -> logged(done) > before, () -> "a reload; the log says:\n" + log());
    }

    void signal(String name) {
        signal(name, pid());
    }

    static void signal(String name, long pid) {
        Shell.run(PATIENCE, List.of("kill", "-" + name, Long.toString(pid)), Map.of(), "")
                .succeeded();
    }

    /** Ends keepalived, and waits until it is gone. */
    void end() {
        long pid = pid();
        signal("TERM");
        awaitEnd(pid);
    }

    static void awaitEnd(long pid) {
        Await.until(
                PATIENCE,
                () -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false),
                () -> "the end of keepalived");
    }

    /** As {@code dpvsctl ha} says. */
    void awaitState(String instance, String state, Duration limit) {
        Await.until(
                limit,
                () -> isIn(instance, state),
                () -> instance + " in state " + state + ":\n"
                        + dpvs.dpvsctl("ha").output() + "\nlog:\n" + log());
    }

    boolean isIn(String instance, String state) {
        return dpvs.dpvsctl("ha")
                .output()
                .lines()
                .anyMatch(line -> line.startsWith(instance + " ")
                        && Stream.of(line.split(" +")).anyMatch(state::equals));
    }

    /**
     * Until {@code ipvsadm -ln} has a line for it, or has none.
     *
     * @param pattern for example {@code 192.168.229.1:80 +FullNat 100}
     */
    void awaitListed(String pattern, boolean there, Duration limit) {
        Await.until(
                limit,
                () -> Pattern.compile(pattern)
                                .matcher(dpvs.ipvsadm("-ln").output())
                                .find()
                        == there,
                () -> pattern + (there ? "" : " no more") + " in:\n"
                        + dpvs.ipvsadm("-ln").output() + "\nhealth:\n"
                        + dpvs.dpvsctl("health").output() + "\nlog:\n" + log());
    }

    /**
     * The servers of a TCP service as {@code ipvsadm -ln} lists them, with their weights; none when there is no such service.
     *
     * @param service ADDRESS:PORT, as the keys are
     */
    Map<String, Integer> servers(String service) {
        return SERVER.matcher(dpvs.ipvsadm("-ln -t " + service).output())
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> Integer.valueOf(found.group(2))));
    }

    void awaitServers(String service, Map<String, Integer> weights) {
        Await.until(
                PATIENCE,
                () -> servers(service).equals(weights),
                () -> service + " with the servers " + weights + ", it has " + servers(service) + "\nhealth:\n"
                        + dpvs.dpvsctl("health").output() + "\nlog:\n" + log());
    }

    boolean hasAddress(String address) {
        return dpvs.dpip("addr show").output().contains(" " + address + "/");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** keepalived ends with what runs in the lab, if it runs. */
    @Override
    public void close() {
        dpvs.close();
    }
}

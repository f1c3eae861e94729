package jdpvs.keepalived.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Another VRRP at the cable, Debian's keepalived: version 2 with a password, version 3 over both families and to a peer alone, in both roles. It waits for timers of
 * processes of its own most of the time, so other classes run beside it.
 */
@Execution(ExecutionMode.CONCURRENT)
class InteroperationTest {
    private static final List<String> NAMES = List.of("V2", "V3", "V6", "U3");
    private static final Map<String, Integer> IDS = Map.of("V2", 50, "V3", 51, "V6", 52, "U3", 53);
    private static final Map<String, Double> INTERVALS = Map.of("V2", 1.0, "V3", 0.2, "V6", 0.1, "U3", 0.2);
    private static final long PATIENCE_MILLIS = 15_000;

    @TempDir
    private Path directory = Path.of("");

    private Lab lab;
    private int number;

    @BeforeEach
    void make() {
        lab = new Lab();
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    /** This project's side, as a process. */
    private final class Ours {
        final Process process;
        final Map<String, String> states = new ConcurrentHashMap<>();
        volatile String addresses = "";
        final List<String> lines = new ArrayList<>();

        Ours(int priority, boolean preempt) throws IOException {
            process = lab.start(
                    lab.one,
                    ProcessBuilder.Redirect.PIPE,
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:+UseSerialGC",
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RouterMain.class.getName(),
                            Integer.toString(priority),
                            Boolean.toString(preempt)));
            Thread.ofPlatform().daemon().start(this::read);
        }

        private void read() {
            try (BufferedReader reader = process.inputReader()) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    String[] words = line.split(" ", -1);
                    synchronized (lines) {
                        lines.add(line);
                    }
                    if (words[0].equals("state")) {
                        states.put(words[1], words[2]);
                    } else if (words[0].equals("addresses")) {
                        addresses = words[1];
                    }
                }
            } catch (IOException _) {
                // It was killed.
                return;
            }
        }

        void await(String state) {
            InteroperationTest.await(
                    "ours " + state, () -> NAMES.stream().allMatch(name -> state.equals(states.get(name))), this::text);
        }

        String text() {
            synchronized (lines) {
                return String.join("\n", lines);
            }
        }

        void stop() throws Exception {
            process.getOutputStream().close();
            assertThat(process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        }
    }

    private static void await(String what, BooleanSupplier condition, Supplier<String> details) {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not in time: " + what + "\n" + details.get());
            }
            sleep(20);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process theirs(int priority) throws IOException {
        StringBuilder text = new StringBuilder("global_defs {\n router_id other\n}\n");
        text.append(instance(
                "V2",
                priority,
                "version 2\n advert_int 1\n authentication {\n auth_type PASS\n auth_pass s3cret\n }",
                "10.88.0.50/32"));
        text.append(instance("V3", priority, "version 3\n advert_int 0.2", "10.88.0.51/32\n 10.88.0.151/32"));
        text.append(instance("V6", priority, "version 3\n advert_int 0.1", "fe80::52\n 2001:db8:88::52"));
        text.append(instance(
                "U3",
                priority,
                "version 3\n advert_int 0.2\n unicast_src_ip 10.88.0.2\n unicast_peer {\n 10.88.0.1\n }",
                "10.88.0.53/32"));
        number++;
        Path file = Files.writeString(directory.resolve("keepalived.conf"), text);
        return lab.start(
                lab.two,
                ProcessBuilder.Redirect.to(directory.resolve("log" + number).toFile()),
                List.of(
                        "keepalived",
                        "-n",
                        "-l",
                        "-P",
                        "-D",
                        "-f",
                        file.toString(),
                        "-p",
                        directory.resolve("pid" + number).toString(),
                        "-r",
                        directory.resolve("vrrp" + number).toString()));
    }

    private static String instance(String name, int priority, String more, String addresses) {
        return "vrrp_instance " + name + " {\n state BACKUP\n interface eth0\n virtual_router_id " + id(name)
                + "\n priority " + priority + "\n " + more + "\n virtual_ipaddress {\n " + addresses + "\n }\n}\n";
    }

    /** Whether the other side is master of all, or of none: then it has the addresses. */
    private void awaitTheirs(boolean master) {
        await(
                "theirs " + (master ? "master" : "backup"),
                () -> {
                    String addresses = Lab.run("ip -n " + lab.two + " address show dev eth0");
                    return List.of("10.88.0.50/", "10.88.0.51/", "fe80::52/", "10.88.0.53/").stream()
                            .allMatch(address -> addresses.contains(address) == master);
                },
                this::theirLog);
    }

    private String theirLog() {
        try {
            return Files.readString(directory.resolve("log" + number));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A killed one leaves its addresses. */
    private void cleanTheirs() {
        for (String address : List.of(
                "10.88.0.50/32",
                "10.88.0.51/32",
                "10.88.0.151/32",
                "10.88.0.53/32",
                "fe80::52/128",
                "2001:db8:88::52/128")) {
            Lab.run("ip -n " + lab.two + " address del " + address + " dev eth0");
        }
    }

    @Test
    void bothRolesAndEveryWayToChangeThem() throws Exception {
        Path capture = directory.resolve("capture");
        Process tcpdump = lab.start(
                lab.two,
                ProcessBuilder.Redirect.to(directory.resolve("tcpdump").toFile()),
                List.of("tcpdump", "-i", "eth0", "-U", "-w", capture.toString(), "ip proto 112 or ip6 proto 112"));
        await("tcpdump", () -> Files.exists(capture), () -> "");

        // Ours preempts, and dies.
        Process theirs = theirs(100);
        awaitTheirs(true);
        Ours ours = new Ours(150, true);
        ours.await("MASTER");
        awaitTheirs(false);
        assertThat(ours.addresses)
                .isEqualTo(
                        "10.88.0.151@dpdk0,10.88.0.50@dpdk0,10.88.0.51@dpdk0,10.88.0.53@dpdk0,2001:db8:88::52@dpdk0,fe80::52@dpdk0");
        assertThat(ours.text()).contains("announce 1").contains("announce 2");
        sleep(1_500);
        double oursKilled = now();
        Lab.kill(ours.process);
        awaitTheirs(true);

        // Ours preempts, and leaves.
        ours = new Ours(150, true);
        ours.await("MASTER");
        awaitTheirs(false);
        sleep(1_500);
        double oursLeft = now();
        ours.stop();
        awaitTheirs(true);

        // Ours waits, and theirs dies.
        Ours backup = new Ours(50, true);
        backup.await("BACKUP");
        sleep(1_500);
        double theirsKilled = now();
        Lab.kill(theirs);
        backup.await("MASTER");
        cleanTheirs();

        // Theirs preempts, and leaves.
        theirs = theirs(100);
        awaitTheirs(true);
        backup.await("BACKUP");
        assertThat(backup.addresses).isEmpty();
        double theirsLeft = now();
        theirs.destroy();
        backup.await("MASTER");
        theirs.waitFor();
        backup.stop();

        // Ours does not preempt, nor when it is held up.
        theirs = theirs(100);
        awaitTheirs(true);
        Ours patient = new Ours(150, false);
        patient.await("BACKUP");
        // Held up for longer than its patience, it hears first what was said meanwhile.
        Lab.run("kill -STOP " + patient.process.pid());
        sleep(2_500);
        Lab.run("kill -CONT " + patient.process.pid());
        sleep(2_000);
        patient.await("BACKUP");
        assertThat(patient.text()).doesNotContain("MASTER");
        patient.process.getOutputStream().write('\n');
        patient.process.getOutputStream().flush();
        await("counters", () -> patient.text().contains("counters V6"), patient::text);
        for (String name : NAMES) {
            assertThat(patient.text()).containsPattern("counters " + name + " [1-9][0-9]* 0");
        }
        assertThat(theirLog()).doesNotContain("bogus").doesNotContain("invalid").doesNotContain("incorrect");
        theirs.destroy();
        tcpdump.destroy();
        tcpdump.waitFor();

        List<Sent> sent = Sent.read(capture);
        for (String name : NAMES) {
            double interval = Objects.requireNonNull(INTERVALS.get(name));
            double whole = name.equals("V2") ? 1 : interval;
            takeOver(sent, name, oursKilled, true, 3 * interval + 156 * whole / 256);
            takeOver(sent, name, oursLeft, true, 156 * whole / 256);
            takeOver(sent, name, theirsKilled, false, 3 * interval + 206 * whole / 256);
            takeOver(sent, name, theirsLeft, false, 206 * whole / 256);
            jitter(sent, name, interval);
        }
    }

    private static int id(String name) {
        return Objects.requireNonNull(IDS.get(name));
    }

    private static double now() {
        return System.currentTimeMillis() / 1000.0;
    }

    /** From the last word of the old master to the new one's first. */
    private static void takeOver(List<Sent> all, String name, double after, boolean fromOurs, double expected) {
        List<Sent> sent =
                all.stream().filter(each -> each.virtualRouterId() == id(name)).toList();
        Sent first = sent.stream()
                .filter(each -> each.time() > after && each.ours() != fromOurs)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + ": nobody took over"));
        Sent last = sent.stream()
                .filter(each -> each.time() < first.time() && each.ours() == fromOurs)
                .reduce((a, b) -> b)
                .orElseThrow();
        double took = first.time() - last.time();
        System.out.printf(
                "%s: %s took over %.1f ms after the last advertisement, %.1f ms expected%n",
                name, fromOurs ? "theirs" : "ours", took * 1000, expected * 1000);
        // The other side's clocks are its own affair; ours is never early, and not late beyond a busy machine's
        // measure.
        if (!fromOurs) {
            assertThat(took).as(name).isGreaterThanOrEqualTo(expected - 0.005);
        }
        assertThat(took).as(name).isLessThan(3 * expected + 1);
    }

    private static void jitter(List<Sent> all, String name, double interval) {
        List<Double> gaps = new ArrayList<>();
        Sent before = null;
        for (Sent each : all) {
            if (each.virtualRouterId() == id(name)) {
                if (before != null && before.ours() && each.ours() && each.priority() != 0) {
                    gaps.add(Math.abs(each.time() - before.time() - interval));
                }
                before = each;
            }
        }
        gaps.sort(null);
        assertThat(gaps).as(name).hasSizeGreaterThan(2);
        System.out.printf(
                "%s: %d intervals of ours, off by %.2f ms in the median, %.2f ms at worst%n",
                name, gaps.size(), gaps.get(gaps.size() / 2) * 1000, gaps.getLast() * 1000);
        assertThat(gaps.get(gaps.size() / 2)).isLessThan(interval);
    }

    /** An advertisement in the capture. */
    record Sent(double time, boolean ours, int virtualRouterId, int priority) {
        static List<Sent> read(Path capture) {
            String text = Lab.run(
                    "tshark -n -r " + capture
                            + " -T fields -E separator=; -e frame.time_epoch -e ip.src -e ipv6.src -e vrrp.virt_rtr_id -e vrrp.prio");
            return text.lines()
                    .filter(line -> line.contains(";"))
                    .map(line -> line.split(";", -1))
                    .map(words -> new Sent(
                            Double.parseDouble(words[0]),
                            words[1].equals("10.88.0.1") || words[2].equals("fe80::1"),
                            Integer.parseInt(words[3]),
                            Integer.parseInt(words[4])))
                    .toList();
        }
    }
}

package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Floods of forged senders, as fast as hping3 makes them: who is real does not notice. */
class FloodTest {
    private static final int FLOOD_SECONDS = 10;
    private static final int CONNECTS = 40;
    /** The download and wrk's connections. */
    private static final int ESTABLISHED = 5;
    /** Three times the 3 s in which nine of ten new connects have to succeed. */
    private static final double CONNECT_LIMIT_SECONDS = 9;

    /** What is promised on a machine that does nothing else; printed, not asserted. */
    private static final double PROMISED_SECONDS = 3;

    @ParameterizedTest
    @ValueSource(ints = 2)
    void establishedFlowsAreUntouchedAndNewOnesComeThrough(int workers) {
        try (Lab lab = Lab.twoArm();
                Running resolver = lab.server(1).peer("serve-udp 5353 rs1");
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers))) {
            lab.startWebServers();
            dpvs.typeHowTo();
            dpvs.typeHowToService("-u 10.0.96.204:5353", "rr");
            dpvs.type("ipvsadm -a -u 10.0.96.204:5353 -r 192.168.229.1:5353 -b");
            resolver.awaitPrinted("ready", Duration.ofSeconds(15));
            Download download = Download.of(lab, 24);
            for (String kind : List.of("-S -p 80", "--udp -p 5353 -d 20")) {
                under(
                        lab,
                        dpvs,
                        workers,
                        kind.startsWith("-S") ? "SYN flood" : "spoofed UDP flood",
                        download,
                        "timeout %d hping3 -q --flood --rand-source %s 10.0.96.204".formatted(FLOOD_SECONDS, kind));
            }
        }
    }

    @Soak
    @ParameterizedTest
    @ValueSource(ints = 1)
    void establishedFlowsAreUntouchedAndNewOnesComeThroughOneWorker(int workers) {
        establishedFlowsAreUntouchedAndNewOnesComeThrough(workers);
    }

    private static void under(Lab lab, Dpvs dpvs, int workers, String name, Download download, String flood) {
        boolean syn = flood.contains(" -S ");
        long before = syn ? dpvs.drops("syn-flood") : evicted(dpvs);
        try (Running fetching = lab.client()
                        .start(
                                List.of("bash", "-c", """
                                curl -sS --limit-rate 2M --max-time 60 http://10.0.96.204/files/%s | sha256sum""".formatted(download.name())),
                                lab.directory().resolve("fetch-" + flood.hashCode()),
                                java.util.Map.of());
                Running keepAlive = lab.client()
                        .start("wrk -t1 -c4 -d%ds --timeout 9s http://10.0.96.204/".formatted(FLOOD_SECONDS));
                Running packets = startSoon(lab, dpvs, flood)) {
            Await.pause(Duration.ofSeconds(2));
            String times = lab.client()
                    .shell(
                            Duration.ofSeconds(60),
                            "seq %d | xargs -P 20 -I{} curl -sS -o /dev/null --connect-timeout %.0f --max-time 20 -w '%%{time_connect} %%{time_total} %%{http_code}\\n' http://10.0.96.204/ || true"
                                    .formatted(CONNECTS, CONNECT_LIMIT_SECONDS))
                    .succeeded();
            List<Fetch> fetches = times.lines().map(Fetch::of).toList();
            long quick = fetches.stream()
                    .filter(fetch -> fetch.connected(CONNECT_LIMIT_SECONDS))
                    .count();
            System.out.printf(
                    "%d workers, %s: of %d new connects %d succeed within %.0f s, %d within %.0f s; %d requests are answered within %.0f s%n",
                    workers,
                    name,
                    CONNECTS,
                    fetches.stream()
                            .filter(fetch -> fetch.connected(PROMISED_SECONDS))
                            .count(),
                    PROMISED_SECONDS,
                    quick,
                    CONNECT_LIMIT_SECONDS,
                    fetches.stream()
                            .filter(fetch -> fetch.answered(PROMISED_SECONDS))
                            .count(),
                    PROMISED_SECONDS);
            assertThat(quick).as("connects that succeeded: %s", times).isGreaterThanOrEqualTo(CONNECTS * 9 / 10);
            packets.awaitExit(Duration.ofSeconds(3L * FLOOD_SECONDS));
            keepAlive.awaitExit(Duration.ofSeconds(3L * FLOOD_SECONDS));
            Wrk.read(keepAlive.printed()).assertNothingFailed();
            assertThat(fetching.awaitExit(Duration.ofSeconds(60))).isZero();
            assertThat(fetching.printed()).startsWith(download.checksum());
        }
        assertThat(syn ? dpvs.drops("syn-flood") : evicted(dpvs))
                .as("forged senders stayed outside, or made room for others")
                .isGreaterThan(before);
    }

    /** What curl tells of one request: seconds until it was connected (0 for never) and until it ended, HTTP status (0 for none). */
    private record Fetch(double connectSeconds, double totalSeconds, int status) {
        static Fetch of(String line) {
            String[] words = line.split(" ");
            return new Fetch(Double.parseDouble(words[0]), Double.parseDouble(words[1]), Integer.parseInt(words[2]));
        }

        boolean connected(double limitSeconds) {
            return connectSeconds > 0 && connectSeconds < limitSeconds;
        }

        boolean answered(double limitSeconds) {
            return status == 200 && totalSeconds < limitSeconds;
        }
    }

    /** Begins when what is to be established is established. */
    private static Running startSoon(Lab lab, Dpvs dpvs, String flood) {
        Await.until(
                Duration.ofSeconds(10),
                () -> dpvs.ipvsadm("-lnc")
                                .succeeded()
                                .lines()
                                .filter(line -> line.contains("TCP_EST"))
                                .count()
                        >= ESTABLISHED,
                () -> "flows established before the flood: %n%s".formatted(dpvs.ipvsadm("-lnc")));
        return lab.client().start(flood);
    }

    private static long evicted(Dpvs dpvs) {
        String status = dpvs.dpvsctl("status").succeeded();
        Matcher matcher =
                Pattern.compile("half-open +(\\d+) of (\\d+), (\\d+) evicted").matcher(status);
        assertThat(matcher.find()).as(status).isTrue();
        assertThat(Long.parseLong(matcher.group(1))).isLessThanOrEqualTo(Long.parseLong(matcher.group(2)));
        return Long.parseLong(matcher.group(3));
    }
}

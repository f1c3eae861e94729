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
    /** Three times the 3 s in which nine of ten new connects have to succeed. */
    private static final double CONNECT_LIMIT_SECONDS = 9;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
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
                        download,
                        "timeout %d hping3 -q --flood --rand-source %s 10.0.96.204".formatted(FLOOD_SECONDS, kind));
            }
        }
    }

    private static void under(Lab lab, Dpvs dpvs, Download download, String flood) {
        long evictedBefore = evicted(dpvs);
        try (Running fetching = lab.client()
                        .start(
                                List.of("bash", "-c", """
                                curl -sS --limit-rate 2M --max-time 60 http://10.0.96.204/files/%s | sha256sum""".formatted(download.name())),
                                lab.directory().resolve("fetch-" + flood.hashCode()),
                                java.util.Map.of());
                Running keepAlive = lab.client()
                        .start("wrk -t1 -c4 -d%ds --timeout 9s http://10.0.96.204/".formatted(FLOOD_SECONDS));
                Running packets = startSoon(lab, flood)) {
            Await.pause(Duration.ofSeconds(2));
            String times = lab.client()
                    .shell(
                            Duration.ofSeconds(60),
                            "seq %d | xargs -P 20 -I{} curl -sS -o /dev/null --connect-timeout %.0f --max-time 20 -w '%%{time_connect}\\n' http://10.0.96.204/ || true"
                                    .formatted(CONNECTS, CONNECT_LIMIT_SECONDS))
                    .succeeded();
            long quick = times.lines()
                    .mapToDouble(Double::parseDouble)
                    .filter(seconds -> seconds > 0 && seconds < CONNECT_LIMIT_SECONDS)
                    .count();
            assertThat(quick).as("connects that succeeded: %s", times).isGreaterThanOrEqualTo(CONNECTS * 9 / 10);
            packets.awaitExit(Duration.ofSeconds(3L * FLOOD_SECONDS));
            keepAlive.awaitExit(Duration.ofSeconds(3L * FLOOD_SECONDS));
            Wrk.read(keepAlive.printed()).assertNothingFailed();
            assertThat(fetching.awaitExit(Duration.ofSeconds(60))).isZero();
            assertThat(fetching.printed()).startsWith(download.checksum());
        }
        assertThat(evicted(dpvs)).as("forged senders made room for others").isGreaterThan(evictedBefore);
    }

    /** Waits until what is to be established is established. */
    private static Running startSoon(Lab lab, String flood) {
        Await.pause(Duration.ofMillis(700));
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

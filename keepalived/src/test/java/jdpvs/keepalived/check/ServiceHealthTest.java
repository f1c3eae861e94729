package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import jdpvs.control.Endpoint;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.RealServer;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.configuration.VirtualServer;
import jdpvs.keepalived.configuration.VirtualServer.SorryServer;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quorum and weights, with results that the tests give: the checks themselves ask once and then rest. */
class ServiceHealthTest {
    private static final Endpoint SORRY = endpoint(9);

    /** By the name of their program. */
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();

    private final ScriptRunner scripts = new ScriptRunner();
    private final Notices notices = new Notices(scripts);
    private final Probes probes = new Probes(scripts);
    private final ServiceHealth health = new ServiceHealth(
            service(1, 0), probes, notices, Set::of, (service, server, check, result, started, ended) -> {
                CheckState.Event ignored = check.record(result, started, ended);
                if (check.settings() instanceof CheckSettings.Misc misc) {
                    asked.put(misc.script().words().getLast(), new Asked(server, check));
                }
            });

    private record Asked(ServerHealth server, Check check) {}

    @AfterEach
    void end() {
        List<Check> ended = health.stop();
        assertThat(ended).allMatch(Check::stopped);
        probes.close();
        notices.close();
    }

    private static Endpoint endpoint(int number) {
        return new Endpoint(IpAddress.parse("192.0.2." + number), 80);
    }

    private static ServerOptions options(int weight) {
        return new ServerOptions(Forwarding.FULLNAT, weight, 0, 0);
    }

    private static CheckSettings.Misc check(String name, boolean dynamic) {
        return new CheckSettings.Misc(
                Settings.timing(Duration.ofHours(1), 0, Duration.ofSeconds(20)),
                new Script(List.of("true", name), null, null),
                Duration.ofSeconds(20),
                dynamic);
    }

    private static RealServer server(int number, int weight, CheckSettings... checks) {
        return new RealServer(endpoint(number), options(weight), false, List.of(checks), null, null, false);
    }

    private static VirtualServer service(long quorum, long hysteresis, RealServer... servers) {
        return new VirtualServer(
                "v",
                List.of(new ServiceKey(Protocol.TCP, IpAddress.parse("203.0.113.10"), 80)),
                ServiceOptions.of("wlc"),
                List.of(),
                List.of(servers),
                List.of(),
                quorum,
                hysteresis,
                null,
                null,
                new SorryServer(SORRY, options(1), false),
                false,
                false,
                false);
    }

    private Asked asked(String name) throws InterruptedException {
        for (int i = 0; i < 3000 && !asked.containsKey(name); i++) {
            Thread.sleep(10);
        }
        return Objects.requireNonNull(asked.get(name), name);
    }

    private void result(String name, Result result) throws InterruptedException {
        Asked found = asked(name);
        long now = System.nanoTime();
        boolean ignored = health.result(found.server(), found.check(), result, now, now);
    }

    private boolean isSorry() {
        return health.wanted().servers().containsKey(SORRY);
    }

    private int weight() {
        return Objects.requireNonNull(health.wanted().servers().get(endpoint(1)))
                .weight();
    }

    /** Servers of weight 1: how many must live for the quorum to stay, and how many to get it back. */
    @ParameterizedTest
    @CsvSource({
        "3, 3, 0, 3, 3",
        "4, 2, 1, 1, 3",
        "3, 3, 2, 1, 3",
        "4, 3, 2, 1, 4",
        "5, 3, 2, 1, 5",
        "6, 3, 2, 1, 5",
        "1, 1, 0, 1, 1",
    })
    void theQuorumComesBackWithAllServersAtTheLatest(int all, long quorum, long hysteresis, int stays, int back)
            throws Exception {
        health.load(
                service(
                        quorum,
                        hysteresis,
                        IntStream.rangeClosed(1, all)
                                .mapToObj(i -> server(i, 1, check("s" + i, false)))
                                .toArray(RealServer[]::new)),
                false);
        for (int living = all - 1; living >= 0; living--) {
            result("s" + (living + 1), Result.failure("as a test asks"));
            assertThat(isSorry()).as("%d left", living).isEqualTo(living < stays);
        }
        for (int living = 1; living <= all; living++) {
            result("s" + living, Result.success());
            assertThat(isSorry()).as("%d again", living).isEqualTo(living < back);
        }
    }

    /** A reload with fewer servers must not leave those out that live. */
    @Test
    void whatAllWeighIsWhatTheyWeighNow() throws Exception {
        List<RealServer> servers = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            servers.add(server(i, 1, check("s" + i, false)));
        }
        health.load(service(3, 2, servers.toArray(RealServer[]::new)), false);
        for (int i = 1; i <= 5; i++) {
            result("s" + i, Result.failure("as a test asks"));
        }
        for (int i = 1; i <= 4; i++) {
            result("s" + i, Result.success());
        }
        assertThat(isSorry()).as("5 of 5 are wanted").isTrue();
        health.load(service(3, 2, servers.subList(0, 4).toArray(RealServer[]::new)), false);
        assertThat(isSorry()).as("4 of 4 are there").isFalse();
    }

    private static final Result TWENTY = new Result(true, "", 20);

    @Test
    void aWeightGoesWithItsCheck() throws Exception {
        health.load(service(1, 0, server(1, 5, check("a", true), check("b", true))), false);
        Asked b = asked("b");
        result("a", TWENTY);
        assertThat(weight()).isEqualTo(20);
        health.load(service(1, 0, server(1, 5, check("a", true), check("b", true))), false);
        assertThat(weight()).as("nothing has changed").isEqualTo(20);
        health.load(service(1, 0, server(1, 5, check("b", true))), false);
        assertThat(b.check().stopped()).isFalse();
        assertThat(weight()).as("the other one has said nothing").isEqualTo(5);
        result("b", TWENTY);
        health.load(service(1, 0, server(1, 5, check("b", false))), false);
        assertThat(weight()).as("it says no weights any more").isEqualTo(5);
    }

    @Test
    void aWeightGoesWithTheLastCheck() throws Exception {
        health.load(service(1, 0, server(1, 5, check("a", true))), false);
        result("a", TWENTY);
        health.load(service(1, 0, server(1, 5)), false);
        assertThat(weight()).isEqualTo(5);
    }

    /** Its times may change, and another check may go. */
    @Test
    void aWeightStaysWithItsProgram() throws Exception {
        health.load(service(1, 0, server(1, 5, check("a", true), check("b", true))), false);
        result("a", TWENTY);
        CheckSettings.Misc before = check("a", true);
        health.load(
                service(
                        1,
                        0,
                        server(
                                1,
                                5,
                                new CheckSettings.Misc(
                                        before.timing(), before.script(), Duration.ofSeconds(10), true))),
                false);
        assertThat(weight()).isEqualTo(20);
        health.load(service(1, 0, server(1, 6, before)), false);
        assertThat(weight()).as("another weight in the file counts").isEqualTo(6);
    }
}

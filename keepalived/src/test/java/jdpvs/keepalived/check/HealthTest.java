package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdpvs.control.Endpoint;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.CheckSettings.Timing;
import jdpvs.keepalived.configuration.GlobalSettings;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.RealServer;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.configuration.VirtualRoute;
import jdpvs.keepalived.configuration.VirtualServer;
import jdpvs.keepalived.configuration.VirtualServer.SorryServer;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.keepalived.program.Balancer;
import jdpvs.keepalived.program.WantedAddress;
import jdpvs.keepalived.program.WantedService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose checks read files of the test: a line {@code exit 1} is a failure. */
class HealthTest {
    private static final IpAddress VIP = IpAddress.parse("203.0.113.10");
    private static final ServiceKey KEY = new ServiceKey(Protocol.TCP, VIP, 80);
    private static final Timing TIMING = Settings.timing(Duration.ofMillis(50), 0, Duration.ofSeconds(20));

    @TempDir
    Path directory;

    private final BlockingQueue<Map<ServiceKey, WantedService>> wanted = new LinkedBlockingQueue<>();
    private final ScriptRunner scripts = new ScriptRunner();
    private volatile Set<IpAddress> held = Set.of();
    private boolean noting;
    private boolean omega;
    private final Health health = Health.start(new Recorder(), new Notices(scripts), scripts, () -> held, () -> {});

    private final class Recorder implements Balancer {
        private @Nullable Map<ServiceKey, WantedService> last;

        /** Whoever was overtaken on the way tells the newest again: that is nothing new. */
        @Override
        public synchronized void services(Map<ServiceKey, WantedService> services) {
            if (!services.equals(last)) {
                wanted.add(services);
            }
            last = services;
        }

        @Override
        public void addresses(Set<WantedAddress> addresses) {}

        @Override
        public void routes(Set<VirtualRoute> routes) {}

        @Override
        public void announce(Collection<WantedAddress> addresses) {}

        @Override
        public void together(Runnable action) {
            action.run();
        }
    }

    @AfterEach
    void end() {
        health.stop(true);
    }

    /** The next that dpvs is to have, as text: {@code .1=5 .2=0}. */
    private String next() throws InterruptedException {
        Map<ServiceKey, WantedService> map = wanted.poll(20, TimeUnit.SECONDS);
        if (map == null) {
            return "nothing";
        }
        if (map.isEmpty()) {
            return "no service";
        }
        Map<String, Integer> servers = new TreeMap<>();
        map.getOrDefault(KEY, map.values().iterator().next())
                .servers()
                .forEach((endpoint, options) ->
                        servers.put(endpoint.address().toString().substring("192.0.2".length()), options.weight()));
        StringBuilder text = new StringBuilder();
        servers.forEach((name, weight) -> text.append(text.isEmpty() ? "" : " ").append(name + "=" + weight));
        return text.toString();
    }

    private void assertQuiet() throws InterruptedException {
        assertThat(wanted.poll(300, TimeUnit.MILLISECONDS)).as("nothing new").isNull();
    }

    private void answer(int server, int code) throws IOException {
        Path next = directory.resolve("next");
        Files.writeString(next, "exit " + code + "\n");
        Files.move(
                next,
                directory.resolve("server" + server),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private CheckSettings check(int server, boolean alpha) {
        return new CheckSettings.Misc(
                new Timing(
                        TIMING.interval(), 0, TIMING.interval(), Duration.ZERO, TIMING.connectTimeout(), alpha, false),
                new Script(List.of("sh", directory.resolve("server" + server).toString()), null, null),
                Duration.ofSeconds(20),
                true);
    }

    /** Only where a test waits for all notes: what is written later meets a directory that is being deleted. */
    private @Nullable Script note(String text) {
        return !noting
                ? null
                : new Script(List.of("sh", "-c", "echo " + text + " >> " + directory.resolve("notes")), null, null);
    }

    private String notes(int count) throws Exception {
        List<String> lines = List.of();
        for (int i = 0; i < 400 && lines.size() < count; i++) {
            Thread.sleep(50);
            lines = Files.exists(directory.resolve("notes")) ? Files.readAllLines(directory.resolve("notes")) : lines;
        }
        return String.join(" ", lines.stream().sorted().toList());
    }

    private static Endpoint endpoint(int server) {
        return new Endpoint(IpAddress.parse("192.0.2." + server), 8080);
    }

    private static ServerOptions options(int weight) {
        return new ServerOptions(Forwarding.FULLNAT, weight, 0, 0);
    }

    private RealServer server(int number, int weight, boolean inhibited, CheckSettings... checks) {
        return new RealServer(
                endpoint(number),
                options(weight),
                inhibited,
                List.of(checks),
                note("up" + number),
                note("down" + number),
                false);
    }

    private VirtualServer service(long quorum, @Nullable SorryServer sorry, RealServer... servers) {
        return new VirtualServer(
                "[203.0.113.10]:tcp:80",
                List.of(KEY),
                ServiceOptions.of("wlc"),
                List.of(),
                List.of(servers),
                List.of(),
                quorum,
                0,
                note("gained"),
                note("lost"),
                sorry,
                false,
                omega,
                false);
    }

    private static VirtualServer with(VirtualServer service, List<String> unsupported, boolean suspended) {
        return new VirtualServer(
                service.name(),
                service.services(),
                service.options(),
                service.localAddresses(),
                service.servers(),
                unsupported,
                service.quorum(),
                service.hysteresis(),
                null,
                null,
                null,
                suspended,
                false,
                false);
    }

    private static VirtualServer with(long hysteresis, VirtualServer service) {
        return new VirtualServer(
                service.name(),
                service.services(),
                service.options(),
                service.localAddresses(),
                service.servers(),
                service.unsupported(),
                service.quorum(),
                hysteresis,
                null,
                null,
                service.sorryServer(),
                false,
                false,
                false);
    }

    private void load(VirtualServer... services) {
        GlobalSettings global = new GlobalSettings(
                "lb",
                IpAddress.parse("224.0.0.18"),
                IpAddress.parse("ff02::12"),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                0,
                false,
                null,
                null,
                null,
                false,
                false,
                null);
        health.load(new KeepalivedConfiguration(
                global,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(services),
                List.of(),
                List.of()));
    }

    @Test
    void serversComeAndGoWithTheirChecks() throws Exception {
        noting = true;
        answer(1, 0);
        answer(2, 0);
        load(service(
                1,
                null,
                server(1, 5, false, check(1, false)),
                server(2, 6, true, check(2, false)),
                server(3, 7, false)));
        assertThat(next()).isEqualTo(".1=5 .2=6 .3=7");
        answer(1, 1);
        assertThat(next()).isEqualTo(".2=6 .3=7");
        answer(2, 1);
        assertThat(next()).as("inhibited").isEqualTo(".2=0 .3=7");
        assertThat(health.report().getFirst().weight()).isEqualTo(7);
        answer(1, 0);
        assertThat(next()).isEqualTo(".1=5 .2=0 .3=7");
        answer(2, 0);
        assertThat(next()).isEqualTo(".1=5 .2=6 .3=7");
        assertThat(notes(5)).isEqualTo("down1 down2 gained up1 up2");
        assertQuiet();
    }

    @Test
    void allChecksMustSucceed() throws Exception {
        answer(1, 0);
        answer(2, 1);
        load(service(1, null, server(1, 5, false, check(1, false), check(2, false)), server(3, 1, false)));
        assertThat(next()).isEqualTo(".1=5 .3=1");
        assertThat(next()).isEqualTo(".3=1");
        answer(2, 0);
        assertThat(next()).isEqualTo(".1=5 .3=1");
    }

    @Test
    void theSorryServerServesWithoutAQuorum() throws Exception {
        noting = true;
        answer(1, 0);
        SorryServer sorry = new SorryServer(endpoint(9), options(1), false);
        load(service(3, sorry, server(1, 2, false, check(1, false)), server(2, 1, false), server(3, 1, true)));
        assertThat(next()).isEqualTo(".1=2 .2=1 .3=1");
        answer(1, 1);
        assertThat(next()).as("live ones go, inhibited ones rest").isEqualTo(".3=0 .9=1");
        KeepalivedReport.VirtualServer report = health.report().getFirst();
        assertThat(report.sorry()).isTrue();
        assertThat(report.up()).isFalse();
        assertThat(report.servers().getFirst().checks().getFirst().error()).isEqualTo("exited with status 1");
        answer(1, 0);
        assertThat(next()).isEqualTo(".1=2 .2=1 .3=1");
        assertThat(notes(5)).isEqualTo("down1 gained gained lost up1");
    }

    /** Quorum and hysteresis are more than both weigh. */
    @Test
    void allServersTogetherEndTheSorryServersTurn() throws Exception {
        answer(1, 0);
        answer(2, 0);
        SorryServer sorry = new SorryServer(endpoint(9), options(1), false);
        load(with(1, service(2, sorry, server(1, 1, false, check(1, false)), server(2, 1, false, check(2, false)))));
        assertThat(next()).isEqualTo(".1=1 .2=1");
        answer(1, 1);
        assertThat(next()).isEqualTo(".2=1");
        answer(2, 1);
        assertThat(next()).isEqualTo(".9=1");
        answer(1, 0);
        assertQuiet();
        answer(2, 0);
        assertThat(next()).isEqualTo(".1=1 .2=1");
    }

    @Test
    void hysteresisCountsWhereServersCanReachIt() throws Exception {
        answer(1, 0);
        answer(2, 0);
        SorryServer sorry = new SorryServer(endpoint(9), options(1), false);
        load(with(1, service(2, sorry, server(1, 2, false, check(1, false)), server(2, 1, false, check(2, false)))));
        assertThat(next()).isEqualTo(".1=2 .2=1");
        answer(2, 1);
        assertThat(next()).isEqualTo(".1=2");
        answer(1, 1);
        assertThat(next()).isEqualTo(".9=1");
        answer(1, 0);
        assertQuiet();
        answer(2, 0);
        assertThat(next()).isEqualTo(".1=2 .2=1");
    }

    @Test
    void troubleHereTakesNoServerOut() throws Exception {
        CheckSettings check = new CheckSettings.Tcp(
                TIMING,
                new CheckSettings.Target(
                        Settings.local(Settings.closedPort()), IpAddress.parse("203.0.113.9"), 0, null, 0));
        load(service(1, null, server(1, 1, false, check)));
        assertThat(next()).isEqualTo(".1=1");
        assertQuiet();
        KeepalivedReport.Check report =
                health.report().getFirst().servers().getFirst().checks().getFirst();
        assertThat(report.up()).isTrue();
        assertThat(report.error()).startsWith("cannot bind to the source: ");
        assertThat(report.attempts()).isZero();
    }

    @Test
    void anInhibitedSorryServerRests() throws Exception {
        answer(1, 0);
        SorryServer sorry = new SorryServer(endpoint(9), options(4), true);
        load(service(1, sorry, server(1, 2, false, check(1, false))));
        assertThat(next()).isEqualTo(".1=2 .9=0");
        answer(1, 1);
        assertThat(next()).isEqualTo(".9=4");
    }

    @Test
    void withoutASorryServerTheLivingGoOn() throws Exception {
        answer(1, 0);
        load(service(2, null, server(1, 1, false, check(1, false)), server(2, 1, false)));
        assertThat(next()).isEqualTo(".1=1 .2=1");
        answer(1, 1);
        assertThat(next()).isEqualTo(".2=1");
        assertThat(health.report().getFirst().up()).isFalse();
    }

    @Test
    void alphaStartsDown() throws Exception {
        noting = true;
        answer(1, 1);
        load(service(1, null, server(1, 1, false, check(1, true))));
        assertThat(next()).isEqualTo("");
        answer(1, 0);
        assertThat(next()).isEqualTo(".1=1");
        assertThat(notes(2)).isEqualTo("gained up1");
    }

    @Test
    void programsSetWeights() throws Exception {
        answer(1, 0);
        load(service(1, null, server(1, 1, false, check(1, false)), server(2, 1, false)));
        assertThat(next()).isEqualTo(".1=1 .2=1");
        answer(1, 22);
        assertThat(next()).isEqualTo(".1=20 .2=1");
        answer(1, 2);
        assertThat(next()).isEqualTo(".1=0 .2=1");
        answer(1, 0);
        assertQuiet();
        load(service(1, null, server(1, 8, false, check(1, false)), server(2, 1, false)));
        assertThat(next()).as("a new weight in the file counts").isEqualTo(".1=8 .2=1");
    }

    @Test
    void aWeightEndsWithTheProgramThatSetIt() throws Exception {
        RealServer other = server(3, 1, false);
        answer(1, 22);
        answer(2, 0);
        load(service(1, null, server(1, 1, false, check(1, false), check(2, false)), other));
        assertThat(next()).isEqualTo(".1=1 .3=1");
        assertThat(next()).isEqualTo(".1=20 .3=1");
        load(service(1, null, server(1, 1, false, check(2, false)), other));
        assertThat(next()).as("the other one says nothing of weight").isEqualTo(".1=1 .3=1");
        answer(2, 12);
        assertThat(next()).isEqualTo(".1=10 .3=1");
        load(service(1, null, server(1, 1, false, check(2, true)), other));
        assertQuiet();
        load(service(1, null, server(1, 1, false), other));
        assertThat(next()).isEqualTo(".1=1 .3=1");
    }

    @Test
    void aReloadKeepsWhatIsKnown() throws Exception {
        answer(1, 1);
        answer(2, 0);
        RealServer second = server(2, 1, false, check(2, false));
        load(service(1, null, server(1, 1, false, check(1, false)), second));
        assertThat(next()).isEqualTo(".1=1 .2=1");
        assertThat(next()).isEqualTo(".2=1");
        long attempts = attempts(1);
        load(service(1, null, server(1, 1, false, check(1, false)), second));
        assertThat(attempts(1)).as("the same check goes on").isGreaterThanOrEqualTo(attempts);
        assertQuiet();
        load(service(1, null, server(1, 9, false, check(1, false)), server(2, 3, false, check(2, false))));
        assertThat(next()).as("a weight takes effect at once, down stays down").isEqualTo(".2=3");
        load(service(1, null, server(1, 9, false, check(1, false), check(2, false)), second));
        assertThat(next()).as("down with one more check too").isEqualTo(".2=1");
        assertQuiet();
        load(service(1, null, server(1, 9, false), second));
        assertThat(next()).as("without checks it is up").isEqualTo(".1=9 .2=1");
        load();
        assertThat(next()).isEqualTo("no service");
    }

    private long attempts(int server) {
        List<KeepalivedReport.Server> servers =
                new ArrayList<>(health.report().getFirst().servers());
        servers.removeIf(each -> !each.endpoint().equals(endpoint(server)));
        return servers.getFirst().checks().getFirst().attempts();
    }

    @Test
    void whatDpvsHasNoWordForIsLeftOutAndNamed() throws Exception {
        VirtualServer service = with(service(1, null, server(1, 1, false)), List.of("deny list"), false);
        load(service);
        assertThat(next()).isEqualTo("no service");
        assertThat(health.refused())
                .containsExactly("virtual_server [203.0.113.10]:tcp:80 is left out: dpvs has no deny list; remove that"
                        + " from the file to have the service without it");
        assertThat(health.report().getFirst().up()).isFalse();
    }

    @Test
    void checksPauseWhileTheAddressIsElsewhere() throws Exception {
        answer(1, 1);
        load(with(service(1, null, server(1, 1, false, check(1, false))), List.of(), true));
        assertThat(next()).isEqualTo(".1=1");
        assertQuiet();
        assertThat(attempts(1)).isZero();
        held = Set.of(VIP);
        assertThat(next()).isEqualTo("");
    }

    @Test
    void theEndIsToldAndTakesServicesAway() throws Exception {
        noting = true;
        omega = true;
        load(service(1, null, server(1, 1, false)));
        assertThat(next()).isEqualTo(".1=1");
        health.stop(false);
        assertThat(next()).isEqualTo("no service");
        assertThat(notes(3)).as("omega").isEqualTo("down1 gained lost");
    }
}

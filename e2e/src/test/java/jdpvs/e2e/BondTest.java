package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import jdpvs.e2e.Lab.Side;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two bonds against Open vSwitch: what is negotiated, and what traffic feels when cables fail. ./soak bonds goes through all combinations at length. */
class BondTest {
    /**
     * How long a stream may pause. The switch, the load and dpvs share the machine's processors here, so this tells a fail-over from a standstill and no more; ./soak bonds measures how long it
     * takes.
     */
    private static final long LONGEST_GAP_MILLIS = 3000;

    /** Three messages that do not come, a second apart; twice that on a busy machine. */
    private static final Duration SILENCE = Duration.ofSeconds(7);

    /** How long dpvs may give frames to a cable without carrier, threefold; and to one from which nothing comes any more (3 s of LACP). */
    private static final Duration LAST_FRAME_PULLED = Duration.ofMillis(300);

    private static final Duration LAST_FRAME_SILENT = Duration.ofMillis(10_500);

    private static final Duration SETTLED = Bonds.SETTLED;
    private static final int STREAM_PORTS = 16;

    private static final Pattern IPERF_SECOND = Pattern.compile("sec +[0-9.]+ [KMG]?Bytes +([0-9.]+) [KMG]?bits/sec");

    private static final Pattern STREAM =
            Pattern.compile("port (\\d+) sent (\\d+) received (\\d+) longest-gap (\\d+) at ([0-9.]+)");

    @ParameterizedTest
    @CsvSource({"lacp, 1", "lacp-slow, 2"})
    void negotiatesWithASwitch(String aggregate, int workers) {
        try (Lab lab = Lab.bond(aggregate);
                Dpvs dpvs = start(lab, 4, workers)) {
            new Bonds(lab, dpvs, 4).settle();
            for (Side side : Side.values()) {
                assertThat(lab.askSwitch(side, "bond/show")).contains("lacp_status: negotiated");
                String status = dpvs.dpip("link show " + side.bond + " status").succeeded();
                assertThat(status)
                        .contains("mode 4 mac_addr")
                        .containsPattern(side.slaves().get(0) + "\\([0-9A-F:]{17}, active, primary\\)")
                        .containsPattern(side.slaves().get(1) + "\\([0-9A-F:]{17}, active\\)");
                // A cable of a lab carries 10,000 Mbit/s.
                assertThat(dpvs.dpip("link show " + side.bond).succeeded()).contains("UP 20000 Mbps full-duplex");
                String negotiated = lab.askSwitch(side, "lacp/show");
                // We ask the switch for a message each second, whatever it asks us for.
                assertThat(negotiated.lines().filter(line -> line.contains("partner state:")))
                        .as(negotiated)
                        .hasSize(2)
                        .allSatisfy(line -> assertThat(line)
                                .contains("activity timeout aggregation synchronized collecting distributing"));
            }
            lab.startWebServers();
            typeService(dpvs, "-t 10.0.96.204:80", 2);
            assertThat(lab.client().curl("10.0.96.204") + lab.client().curl("10.0.96.204"))
                    .contains("This is rs1.", "This is rs2.");
        }
    }

    /** Each of the four cables is pulled and plugged in again, one after the other, under three kinds of load. */
    @ParameterizedTest
    @CsvSource({"4, lacp, 2", "0, static, 2", "1, plain, 1"})
    void aPulledCableIsNotFelt(int mode, String aggregate, int workers) {
        try (Lab lab = Lab.bond(aggregate);
                Dpvs dpvs = start(lab, mode, workers)) {
            var bonds = new Bonds(lab, dpvs, mode);
            bonds.settle();
            try (Load load = Load.start(lab, dpvs)) {
                for (Side side : Side.values()) {
                    bonds.assertSlavesCarry(side);
                    for (String device : side.slaves()) {
                        assertThat(bonds.pullAndPlug(side, device).after())
                                .as("last frame into %s", device)
                                .isLessThanOrEqualTo(LAST_FRAME_PULLED);
                    }
                }
                load.assertNothingFailed(LONGEST_GAP_MILLIS);
            }
            assertThat(dpvs.drops("internal-error")).isZero();
        }
    }

    @Soak
    @ParameterizedTest
    @CsvSource({"2, static, 1"})
    void aPulledCableIsNotFeltInOtherModes(int mode, String aggregate, int workers) {
        aPulledCableIsNotFelt(mode, aggregate, workers);
    }

    /** Its frames are lost, but both ends have a carrier: only messages that do not come tell. */
    @ParameterizedTest
    @CsvSource({"WAN, 2"})
    void aCableThatDiesSilentlyIsNoticed(Side side, int workers) {
        try (Lab lab = Lab.bond("lacp");
                Dpvs dpvs = start(lab, 4, workers)) {
            var bonds = new Bonds(lab, dpvs, 4);
            bonds.settle();
            try (Load load = Load.start(lab, dpvs)) {
                String device = side.slaves().get(1);
                LastFrame last = lab.mute(side, device, LAST_FRAME_SILENT.plusMillis(500));
                assertThat(last.after()).as("%s", last).isLessThanOrEqualTo(LAST_FRAME_SILENT);
                assertThat(last.frames()).as("%s: it carried something", last).isPositive();
                bonds.awaitActive(side, 1, SILENCE);
                bonds.awaitSwitch(side, "enabled", "disabled");
                lab.unmute(side, device);
                bonds.settle();
                load.assertNothingFailed(SILENCE.toMillis());
            }
        }
    }

    @Soak
    @ParameterizedTest
    @CsvSource({"LAN, 1"})
    void aCableThatDiesSilentlyIsNoticedOnTheOtherSide(Side side, int workers) {
        aCableThatDiesSilentlyIsNoticed(side, workers);
    }

    /** Each names the bond, its line, and the way out; nothing is started. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode 4 | mode 3 | bonding bond1: invalid mode 3 (broadcast | possible are 0 round robin, 1 active-backup, 2 balance-xor, 4 LACP",
                "slave dpdk1 | slave dpdk7 | bonding bond1: slave dpdk7 is not a declared device | add a block 'device dpdk7 {'",
                "slave dpdk1 | slave dpdk2 | slave dpdk2 belongs to bond1 already | remove it from one of them",
                "primary dpdk0 | primary dpdk2 | bonding bond1: primary dpdk2 is not one of its slaves | name one of dpdk0, dpdk1",
                "bonding bond1 | bonding dpdk0 | bonding dpdk0 has the name of a device | rename one of them",
                "port bond1 | port dpdk0 | worker cpu1: port dpdk0 is a slave of bond1 | write 'port bond1 {'",
            })
    void aWrongConfigurationIsNamed(
            String right, String wrong, String complaint, String wayOut, @TempDir Path directory) {
        String text = Configuration.twoBonds(4).text();
        Path file = Dpvs.write(directory.resolve("dpvs.conf"), text.replaceFirst(right, wrong));
        Outcome outcome = Shell.run(
                Duration.ofSeconds(10), List.of(Dpvs.program("dpvs"), "-c", file.toString(), "--check"), Map.of(), "");
        assertThat(outcome.exitCode()).as("%s", outcome).isNotZero();
        assertThat(outcome.output() + outcome.errors())
                .as("%s", outcome)
                .containsPattern(Pattern.quote(file.toString()) + ":[0-9]+")
                .contains(complaint)
                .contains(wayOut);
    }

    private static Dpvs start(Lab lab, int mode, int workers) {
        return Dpvs.start(lab, Configuration.twoBonds(mode).workers(workers));
    }

    private static void typeService(Dpvs dpvs, String service, int servers) {
        if (!dpvs.dpip("addr show").succeeded().contains("10.0.96.204")) {
            dpvs.type(
                    "dpip addr add 10.0.96.204/32 dev bond2",
                    "dpip route add 10.0.96.0/24 dev bond2",
                    "dpip route add 192.168.229.0/24 dev bond1",
                    "dpip route add default via 10.0.96.254 dev bond2");
        }
        String port = service.substring(service.lastIndexOf(':'));
        dpvs.type(
                "ipvsadm -A " + service + " -s rr", "ipvsadm --add-laddr -z 192.168.229.204 " + service + " -F bond1");
        for (int i = 1; i <= servers; i++) {
            dpvs.type("ipvsadm -a " + service + " -r 192.168.229." + i + port + " -b");
        }
    }

    /** wrk, iperf3 and a datagram each millisecond, until they are told to end. wrk takes what processor the others leave it. */
    private record Load(Running wrk, Running iperf, Running stream, List<Running> servers) implements AutoCloseable {
        private static final int LONGEST_SECONDS = 240;

        static Load start(Lab lab, Dpvs dpvs) {
            lab.startWebServers();
            typeService(dpvs, "-t 10.0.96.204:80", 2);
            typeService(dpvs, "-t 10.0.96.204:5201", 1);
            typeService(dpvs, "-u 10.0.96.204:5300", 1);
            Path scripts = Path.of("src/test/scripts").toAbsolutePath();
            List<Running> servers = List.of(
                    lab.server(1).start("iperf3 -s -1 --forceflush"),
                    lab.server(1).start("python3 " + scripts.resolve("echo-udp.py") + " serve 5300"));
            servers.get(0).awaitPrinted("Server listening", SETTLED);
            servers.get(1).awaitPrinted("ready", SETTLED);
            lab.client().curl("10.0.96.204");
            Running stream = lab.client()
                    .start("python3 " + scripts.resolve("udp-stream.py") + " 10.0.96.204 5300 " + STREAM_PORTS + " "
                            + LONGEST_SECONDS);
            stream.awaitPrinted("ready", SETTLED);
            Running wrk = lab.client()
                    .start("nice -n 10 wrk -t1 -c8 -d" + LONGEST_SECONDS + "s --timeout 10s http://10.0.96.204/");
            Running iperf = lab.client().start("iperf3 -c 10.0.96.204 -b 20M --forceflush -t " + LONGEST_SECONDS);
            return new Load(wrk, iperf, stream, servers);
        }

        /** Ends the load, which must not have ended by itself. */
        void assertNothingFailed(long longestGapMillis) {
            for (Running each : List.of(iperf, wrk, stream)) {
                assertThat(each.isAlive())
                        .as("the load goes on: %s", each.printed())
                        .isTrue();
            }
            int seconds = iperfSeconds().size();
            Await.until(
                    SETTLED,
                    () -> iperfSeconds().size() > seconds + 1
                            && !iperfSeconds().getLast().equals("0.00"),
                    () -> "another second in which bytes move: " + iperf.printed());
            wrk.signal("INT");
            stream.signal("INT");
            assertThat(wrk.awaitExit(SETTLED)).as(wrk.printed()).isZero();
            Wrk.read(wrk.printed()).assertNothingFailed();
            assertThat(stream.awaitExit(SETTLED)).as(stream.printed()).isZero();
            List<MatchResult> flows = STREAM.matcher(stream.printed()).results().toList();
            assertThat(flows).as(stream.printed()).hasSize(STREAM_PORTS);
            for (MatchResult flow : flows) {
                assertThat(Long.parseLong(flow.group(4))).as(stream.printed()).isLessThanOrEqualTo(longestGapMillis);
                assertThat(Long.parseLong(flow.group(3))).as(stream.printed()).isPositive();
            }
        }

        /** The rate in each second that has passed. */
        private List<String> iperfSeconds() {
            return IPERF_SECOND
                    .matcher(iperf.printed())
                    .results()
                    .map(second -> second.group(1))
                    .toList();
        }

        @Override
        public void close() {
            Closing.all(wrk, iperf, stream, servers.get(0), servers.get(1));
        }
    }
}

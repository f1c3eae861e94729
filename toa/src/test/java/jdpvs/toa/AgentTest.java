package jdpvs.toa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jdpvs.toa.program.Maps;
import jdpvs.toa.program.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The agent's commands against this kernel. */
class AgentTest {
    @Test
    void aLifeOfIt() throws IOException {
        try (var server = new RealServer()) {
            assertThat(server.toa("status")).isEqualTo(new RealServer.Answer(1, "state       not loaded\n", ""));
            assertThat(server.toa("load --trust 10.78.0.1,2001:db8:78:0::/64 --cgroup " + server.controlGroup))
                    .isEqualTo(new RealServer.Answer(
                            0,
                            "loaded on %s, pinned in %s, MPTCP yes, trusting 10.78.0.1/32, 2001:db8:78::/64\n"
                                    .formatted(server.controlGroup, server.pins),
                            ""));
            assertThat(server.toa("status")
                            .succeeded()
                            .replaceAll("(program|link) \\d+", "$1 N")
                            .replaceFirst("(loaded  +)\\d{4}-.*Z", "$1TIME"))
                    .isEqualTo("""
                            state       loaded
                            version     0.1.0
                            loaded      TIME
                            cgroup      %s
                            pins        %s
                            mptcp       yes
                            trusted     10.78.0.1/32, 2001:db8:78::/64
                            peername4   program N, link N
                            peername6   program N, link N
                            sockopt     program N, link N
                            established program N, link N
                            """.formatted(server.controlGroup, server.pins));
            assertThat(server.toa("stats").succeeded()).isEqualTo("""
                    with-toa                0  connections whose client is known
                    without-toa             0  connections that carried no option
                    untrusted               0  connections with an option from a peer that is not trusted; not believed
                    malformed               0  connections whose list of options is broken
                    mptcp                   0  of those with an option, MPTCP connections
                    peername                0  answers to getpeername and accept with the client's address
                    sockopt                 0  answers to getsockopt with an IPv6 client's address
                    """);
            assertThat(server.toa("stats --json").succeeded())
                    .isEqualTo(
                            "{\"with-toa\":0,\"without-toa\":0,\"untrusted\":0,\"malformed\":0,\"mptcp\":0,\"peername\":0,\"sockopt\":0}\n");

            server.toa("trust add 192.168.0.0/16,10.0.0.1").succeeded();
            assertThat(server.toa("trust list").succeeded()).isEqualTo("""
                    10.0.0.1/32
                    10.78.0.1/32
                    192.168.0.0/16
                    2001:db8:78::/64
                    """);
            assertThat(server.toa("trust del 10.0.0.1,10.0.0.2"))
                    .isEqualTo(
                            new RealServer.Answer(
                                    1,
                                    "",
                                    "toa: 10.0.0.2/32 is not trusted; trusted: 10.0.0.1/32, 10.78.0.1/32, 192.168.0.0/16, 2001:db8:78::/64\n"));
            server.toa("trust del 10.0.0.1,192.168.0.0/16").succeeded();

            String links = links(server);
            assertThat(server.toa("load").succeeded())
                    .startsWith("upgraded on ")
                    .endsWith("trusting 10.78.0.1/32, 2001:db8:78::/64\n");
            assertThat(server.toa("load --trust 10.78.0.7").succeeded()).endsWith("trusting 10.78.0.7/32\n");
            assertThat(links(server)).isEqualTo(links);

            assertThat(server.toa("unload"))
                    .isEqualTo(new RealServer.Answer(0, "unloaded from " + server.controlGroup + "\n", ""));
            assertThat(server.pins).doesNotExist();
            assertThat(server.toa("unload"))
                    .isEqualTo(new RealServer.Answer(
                            1,
                            "",
                            "toa: nothing is loaded in " + server.pins + "; load it: toa load --trust ADDRESS\n"));
        }
    }

    private static String links(RealServer server) {
        return server.toa("status")
                .succeeded()
                .replaceAll("(?s)^.*trusted[^\n]*\n", "")
                .replaceAll("program \\d+, ", "");
    }

    @Test
    void whatFailsInTheMiddleLeavesNothingAttached() throws IOException {
        try (var server = new RealServer()) {
            // A name that is taken when the last link is to be pinned.
            Files.createDirectories(server.pins.resolve("link_established"));
            RealServer.Answer answer = server.toa("load --trust 10.78.0.0/16 --cgroup " + server.controlGroup);
            assertThat(answer.exitCode()).isEqualTo(1);
            assertThat(answer.error())
                    .startsWith("toa: the programs cannot be loaded: ")
                    .hasLineCount(1);
            try (var left = Files.list(server.pins)) {
                assertThat(left).isEmpty();
            }
            server.inside(() -> {
                try (var listener = NativeListener.ipv4(80, 0);
                        var wire = new Wire()) {
                    wire.connect("10.78.0.1", 4000, 80, Wire.option("172.16.0.1", 62844));
                    try (var accepted = listener.accept()) {
                        assertThat(accepted.peer()).isEqualTo("10.78.0.1 4000");
                    }
                }
                return 0;
            });
            server.load();
        }
    }

    /** As a service manager does with a service's control group when it starts the service again. */
    @Test
    void aControlGroupMadeAnewIsAttachedToAgain() throws Exception {
        try (var server = new RealServer()) {
            Path service = Files.createDirectory(server.controlGroup.resolve("service"));
            try {
                server.toa("load --trust " + RealServer.TRUSTED + " --cgroup " + service)
                        .succeeded();
                Files.delete(service);
                while (server.toa("status").exitCode() == 0) {
                    Thread.sleep(10); // The kernel severs the links after the group is gone.
                }
                assertThat(server.toa("status").out())
                        .startsWith("state       not attached; attach again: toa load --pin " + server.pins + "\n")
                        .endsWith("established not attached\n");
                assertThat(server.toa("load").error())
                        .isEqualTo("toa: the control group %s does not exist; make it: mkdir %s\n"
                                .formatted(service, service));
                Files.createDirectory(service);
                assertThat(server.toa("load").succeeded())
                        .startsWith("upgraded on " + service)
                        .endsWith("trusting 10.78.0.0/16, 2001:db8:78::/64\n");
                assertThat(server.toa("status").succeeded()).startsWith("state       loaded\n");
            } finally {
                Files.deleteIfExists(service);
            }
        }
    }

    @Test
    void moreThanTheListHoldsIsRefusedWhole() {
        try (var server = new RealServer()) {
            server.load();
            String list = server.toa("trust list").succeeded();
            String many = IntStream.range(0, 1023)
                    .mapToObj(i -> "10.1." + i / 256 + "." + i % 256)
                    .collect(Collectors.joining(","));
            RealServer.Answer answer = server.toa("trust add " + many);
            assertThat(answer.exitCode()).isEqualTo(1);
            assertThat(answer.error())
                    .startsWith("toa: at most 1024 prefixes can be trusted, ")
                    .hasLineCount(1);
            assertThat(server.toa("trust list").succeeded()).isEqualTo(list);
            server.toa("trust add " + many.substring(many.indexOf(',') + 1)).succeeded();
            assertThat(server.toa("trust list").succeeded()).hasLineCount(1024);
        }
    }

    @Test
    void unloadedTheBalancerIsSeenAgain() {
        try (var server = new RealServer()) {
            server.load();
            server.inside(() -> {
                try (var listener = NativeListener.ipv4(80, 0);
                        var wire = new Wire()) {
                    wire.connect("10.78.0.1", 4000, 80, Wire.option("172.16.0.1", 62844));
                    try (var accepted = listener.accept()) {
                        assertThat(accepted.peer()).isEqualTo("172.16.0.1 62844");
                        server.toa("unload").succeeded();
                        assertThat(accepted.peerName()).isEqualTo("10.78.0.1 4000");
                    }
                    wire.connect("10.78.0.1", 4001, 80, Wire.option("172.16.0.1", 62844));
                    try (var accepted = listener.accept()) {
                        assertThat(accepted.peer()).isEqualTo("10.78.0.1 4001");
                    }
                }
                return 0;
            });
        }
    }

    /** The kernel walks every path, at most a million instructions; older ones walk several times as many as this one. */
    @Test
    void theVerifiersWorkIsBounded() {
        try (Maps maps = Maps.create();
                Programs programs = Programs.load(maps)) {
            for (Programs.Loaded loaded : programs.all()) {
                System.out.println(
                        loaded.name() + ": " + loaded.program().verifiedInstructions() + " instructions verified");
                assertThat(loaded.program().verifiedInstructions()).isBetween(1, 40_000);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            load --cgroup CGROUP                                       | nobody would be believed: name the balancer's local addresses: toa load --trust 192.168.229.204
            load --trust 10.0.0.1 --cgroup CGROUP/none                 | the control group CGROUP/none does not exist; make it: mkdir CGROUP/none
            load --trust 10.0.0.1 --cgroup /proc                       | /proc is on proc, not on cgroup2; this machine's is at ROOT
            load --trust 10.0.0.1 --cgroup CGROUP --pin /proc/x        | things can be pinned on a bpffs only, and /proc/x is on proc; choose a directory under /sys/fs/bpf
            status --pin /sys/fs/bpf/jdpvs-nothing-here                |
            stats --pin /sys/fs/bpf/jdpvs-nothing-here                 | nothing is loaded in /sys/fs/bpf/jdpvs-nothing-here; load it: toa load --trust ADDRESS
            trust list --pin /proc                                     | nothing is loaded in /proc; load it: toa load --trust ADDRESS
            """)
    void whatCannotBeDoneIsSaidInOneSentence(String line, String sentence) {
        try (var server = new RealServer()) {
            String words = line.replace("CGROUP", server.controlGroup.toString());
            RealServer.Answer answer = words.contains("--pin") ? RealServer.run(words) : server.toa(words);
            assertThat(answer.exitCode()).isEqualTo(1);
            if (sentence == null) {
                assertThat(answer.out()).isEqualTo("state       not loaded\n");
            } else {
                assertThat(answer.out()).isEmpty();
                assertThat(answer.error())
                        .isEqualTo("toa: "
                                + sentence.replace("CGROUP", server.controlGroup.toString())
                                        .replace("ROOT", server.root.toString())
                                + "\n");
            }
            assertThat(server.pins).doesNotExist();
        }
    }

    @Test
    void anotherControlGroupUnderTheSamePinsIsRefused() {
        try (var server = new RealServer()) {
            server.load();
            Path other = server.root;
            assertThat(server.toa("load --cgroup " + other).error())
                    .isEqualTo(
                            "toa: what is pinned in %s is attached to %s, not to %s; choose another --pin, or unload first\n"
                                    .formatted(server.pins, server.controlGroup, other));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""                          | What shall be done?
            laod                        | laod
            load --trust 10.0.0.1/24    | '10.0.0.1/24' has bits set behind its prefix length; the network is 10.0.0.0/24
            load --trust lip            | 'lip' is no address or network
            load --trust                | --trust
            trust add                   | PREFIX
            trust                       | What shall be done?
            stats --jsno                | --jsno
            """)
    void wrongWordsAreNamed(String line, String named) {
        var answer = RealServer.run(line == null ? "" : line);
        assertThat(answer.exitCode()).as(answer.error()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.error()).contains(named).containsAnyOf("Usage: toa", "Possible solutions: --json");
    }

    @Test
    void helpAndVersionNeedNoRights() {
        assertThat(RealServer.run("--version").succeeded()).startsWith("toa of jdpvs ");
        assertThat(RealServer.run("help load").succeeded()).contains("--trust", "--cgroup", "--pin");
    }
}

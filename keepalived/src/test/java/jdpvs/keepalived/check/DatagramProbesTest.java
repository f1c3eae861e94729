package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.keepalived.configuration.CheckSettings.Timing;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.notice.ScriptRunner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DNS_CHECK, UDP_CHECK, PING_CHECK, MISC_CHECK. */
class DatagramProbesTest {
    /** Answers each datagram with these. */
    private static final class Server implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, Settings.LOOPBACK);
        private final BlockingQueue<byte[]> questions = new LinkedBlockingQueue<>();

        Server(List<UnaryOperator<byte[]>> answers) throws IOException {
            Thread.ofVirtual().start(() -> serve(answers));
        }

        private void serve(List<UnaryOperator<byte[]>> answers) {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                    socket.receive(packet);
                    byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                    questions.add(question);
                    for (UnaryOperator<byte[]> answer : answers) {
                        byte[] reply = answer.apply(question.clone());
                        socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException _) {
                // Closed: the test is over.
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        byte[] question() throws InterruptedException {
            byte[] question = questions.poll(20, TimeUnit.SECONDS);
            return question == null ? new byte[0] : question;
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static CheckSettings.Udp udp(Timing timing, int port, boolean required, @Nullable String reply) {
        return new CheckSettings.Udp(timing, Settings.target(port), "ping", required, reply, 2, 8, null);
    }

    @ParameterizedTest
    @CsvSource({
        "pong,      po,  true,  ''",
        "pong,      ,    true,  ''",
        "pong,      ,    false, ''",
        "pong,      pi,  false, 'reply ''pong'' does not begin with ''pi'''",
        "po,        pong,false, 'reply ''po'' does not begin with ''pong'''",
        "p,         ,    false, 'reply of 1 bytes, shorter than 2'",
        "pongpongp, ,    false, reply longer than 8 bytes",
    })
    void udpReplies(String said, @Nullable String wanted, boolean required, String reason) throws Exception {
        try (Server server = new Server(List.of(question -> text(said)))) {
            UdpProbe probe = new UdpProbe(udp(Settings.TIMING, server.port(), required, wanted));
            assertThat(probe.run(true).reason()).isEqualTo(reason);
            assertThat(server.question()).isEqualTo(text("ping"));
        }
    }

    @Test
    void silenceIsAFailureOnlyWhereAReplyIsRequired() throws Exception {
        try (Server server = new Server(List.of())) {
            assertThat(new UdpProbe(udp(Settings.IMPATIENT, server.port(), false, null)).run(true))
                    .isEqualTo(Result.success());
            assertThat(new UdpProbe(udp(Settings.IMPATIENT, server.port(), true, null)).run(true))
                    .isEqualTo(Result.failure("no answer within 0.5 s"));
        }
    }

    @Test
    void aClosedPortIsAFailure() throws Exception {
        int port;
        try (DatagramSocket socket = new DatagramSocket(0, Settings.LOOPBACK)) {
            port = socket.getLocalPort();
        }
        assertThat(new UdpProbe(udp(Settings.TIMING, port, false, null)).run(true))
                .isEqualTo(Result.failure("port unreachable (ICMP)"));
    }

    @Test
    void thePreambleAndRandomBytes() throws Exception {
        try (Server server = new Server(List.of(question -> text("pong")))) {
            new UdpProbe(new CheckSettings.Udp(
                            Settings.TIMING, Settings.target(server.port()), null, true, null, 0, 255, "v2"))
                    .run(true);
            assertThat(server.question()).hasSize(48).startsWith(text("\r\n\r\n\0\r\nQUIT\n\40\0\0\0"));
        }
    }

    @Test
    void sourceAndInterface() throws Exception {
        try (Server server = new Server(List.of(question -> text("pong")))) {
            Target target = new Target(Settings.local(server.port()), IpAddress.parse("127.0.0.9"), 0, "lo", 3);
            assertThat(new UdpProbe(new CheckSettings.Udp(Settings.TIMING, target, "x", true, null, 0, 255, null))
                            .run(true))
                    .isEqualTo(Result.success());
        }
    }

    private static byte[] answer(byte[] query, int code) {
        query[2] |= (byte) 0x80;
        query[3] = (byte) code;
        return query;
    }

    private static byte[] otherId(byte[] query) {
        query[0] ^= 1;
        return query;
    }

    private static Result dns(Timing timing, List<UnaryOperator<byte[]>> answers) throws Exception {
        try (Server server = new Server(answers)) {
            return new DnsProbe(new CheckSettings.Dns(timing, Settings.target(server.port()), 6, "example.com"))
                    .run(true);
        }
    }

    @Test
    void dns() throws Exception {
        assertThat(dns(Settings.TIMING, List.of(query -> answer(query, 0)))).isEqualTo(Result.success());
        assertThat(dns(Settings.TIMING, List.of(query -> answer(query, 2))))
                .isEqualTo(Result.failure("rcode 2 (SERVFAIL)"));
        assertThat(dns(Settings.TIMING, List.of(query -> answer(query, 9)))).isEqualTo(Result.failure("rcode 9"));
        assertThat(dns(
                        Settings.TIMING,
                        List.of(
                                query -> text("x"),
                                query -> new byte[0],
                                query -> query,
                                query -> otherId(answer(query, 5)),
                                query -> answer(query, 0))))
                .as("garbage, the query itself and another's answer are not the answer")
                .isEqualTo(Result.success());
        assertThat(dns(Settings.IMPATIENT, List.of(query -> query)))
                .isEqualTo(Result.failure("no answer within 0.5 s"));
    }

    @Test
    void dnsAsksForTheName() throws Exception {
        try (Server server = new Server(List.of(query -> answer(query, 0)))) {
            new DnsProbe(new CheckSettings.Dns(Settings.TIMING, Settings.target(server.port()), 28, "a.bc.")).run(true);
            byte[] query = server.question();
            assertThat(Arrays.copyOfRange(query, 2, query.length))
                    .isEqualTo(text("\1\0\0\1\0\0\0\0\0\0\1a\2bc\0\0\34\0\1"));
        }
    }

    @Test
    void dnsNames() {
        assertThat(DnsProbe.encode(".")).isEqualTo(new byte[1]);
        assertThat(DnsProbe.encode("")).isEqualTo(new byte[1]);
        assertThat(DnsProbe.encode("x".repeat(63))).hasSize(65);
        assertThatThrownBy(() -> DnsProbe.encode("a..b")).hasMessageContaining("'a..b' is no domain name");
        assertThatThrownBy(() -> DnsProbe.encode("x".repeat(64))).hasMessageContaining("1 to 63 bytes");
        assertThatThrownBy(() -> DnsProbe.encode("abcdefg.".repeat(32))).hasMessageContaining("255 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void pings(String address) throws Exception {
        try (Pinger pinger = new Pinger()) {
            for (int i = 0; i < 3; i++) {
                assertThat(ping(pinger, Settings.TIMING, address, null)).isEqualTo(Result.success());
            }
            assertThat(ping(pinger, Settings.TIMING, address, "lo")).isEqualTo(Result.success());
            assertThat(ping(pinger, Settings.TIMING, address, "none0").reason())
                    .startsWith("setsockopt SO_BINDTODEVICE none0: No such device");
        }
    }

    /** A multicast group that nobody has joined; the loopback interface gives no errors for it. */
    @Test
    void aPingThatNobodyAnswers() throws Exception {
        try (Pinger pinger = new Pinger()) {
            assertThat(ping(pinger, Settings.IMPATIENT, "239.255.99.99", "lo"))
                    .isEqualTo(Result.failure("no answer within 0.5 s"));
        }
    }

    private static Result ping(Pinger pinger, Timing timing, String address, @Nullable String networkInterface)
            throws InterruptedException {
        Target target = new Target(new Endpoint(IpAddress.parse(address), 0), null, 0, networkInterface, 0);
        return new PingProbe(new CheckSettings.Ping(timing, target), pinger).run(true);
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0,   false, 20,  true,  '', ",
        "exit 2,   false, 20,  false, exited with status 2, ",
        "exit 0,   true,  20,  true,  '', ",
        "exit 1,   true,  20,  false, exited with status 1, ",
        "exit 2,   true,  20,  true,  '', 0",
        "exit 255, true,  20,  true,  '', 253",
        "sleep 60, true,  0.5, false, no end within 0.5 s, ",
    })
    void misc(String command, boolean dynamic, double seconds, boolean ok, String reason, @Nullable Integer weight)
            throws Exception {
        MiscProbe probe = new MiscProbe(
                new CheckSettings.Misc(
                        Settings.TIMING,
                        new Script(List.of("sh", "-c", command), null, null),
                        Duration.ofMillis((long) (seconds * 1000)),
                        dynamic),
                new ScriptRunner());
        assertThat(probe.run(true)).isEqualTo(new Result(ok, reason, weight));
    }

    /** It would have the exit code 126 and be a success of weight 124 to misc_dynamic. */
    @Test
    void aProgramThatItsUserCannotExecuteHasNoWeight(@TempDir Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path program = Files.writeString(directory.resolve("program"), "#!/bin/sh\nexit 127\n");
        MiscProbe probe = new MiscProbe(
                new CheckSettings.Misc(
                        Settings.TIMING,
                        new Script(List.of(program.toString()), "nobody", null),
                        Duration.ofSeconds(20),
                        true),
                new ScriptRunner());
        assertThat(probe.run(true))
                .isEqualTo(Result.failure(
                        "cannot be started: its user cannot execute it, or not the interpreter in its first line"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(probe.run(true)).as("its own word").isEqualTo(new Result(true, "", 125));
    }

    @Test
    void aProgramThatIsNotThere() throws Exception {
        MiscProbe probe = new MiscProbe(
                new CheckSettings.Misc(
                        Settings.TIMING,
                        new Script(List.of("/nowhere/program"), null, null),
                        Duration.ofSeconds(20),
                        false),
                new ScriptRunner());
        assertThat(probe.run(true).reason()).startsWith("cannot be started: ").contains("No such file");
    }
}

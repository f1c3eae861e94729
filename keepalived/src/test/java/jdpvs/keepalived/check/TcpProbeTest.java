package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.CheckSettings.Smtp;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TCP_CHECK and SMTP_CHECK. */
class TcpProbeTest {
    @Test
    void aListenerIsEnough() throws Exception {
        CompletableFuture<Integer> read = new CompletableFuture<>();
        try (OddServer server = OddServer.that((in, out) -> read.complete(in.read()))) {
            assertThat(new TcpProbe(Settings.tcp(server.port())).run(true)).isEqualTo(Result.success());
            assertThat(read.get(5, TimeUnit.SECONDS))
                    .as("the end of the stream, no reset")
                    .isEqualTo(-1);
        }
    }

    @Test
    void aClosedPortRefuses() throws Exception {
        assertThat(new TcpProbe(Settings.tcp(Settings.closedPort())).run(true))
                .isEqualTo(Result.failure("connection refused"));
    }

    /** A backlog that is full leaves the handshake unanswered. */
    @Test
    void silenceEndsWithTheTimeOut() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, Settings.LOOPBACK)) {
            TcpProbe probe =
                    new TcpProbe(new CheckSettings.Tcp(Settings.IMPATIENT, Settings.target(full.getLocalPort())));
            Result result = probe.run(true);
            for (int i = 0; i < 10 && result.ok(); i++) {
                result = probe.run(true);
            }
            assertThat(result).isEqualTo(Result.failure("no answer within 0.5 s"));
        }
    }

    @Test
    void connectsFromWhereItIsTold() throws Exception {
        CompletableFuture<String> client = new CompletableFuture<>();
        int port = Settings.closedPort();
        try (ServerSocket listener = new ServerSocket(0, 1, Settings.LOOPBACK)) {
            Thread.ofVirtual().start(() -> {
                try (var socket = listener.accept();
                        InputStream in = socket.getInputStream()) {
                    client.complete(socket.getRemoteSocketAddress().toString());
                    in.readAllBytes();
                } catch (java.io.IOException e) {
                    client.completeExceptionally(e);
                }
            });
            Target target =
                    new Target(Settings.local(listener.getLocalPort()), IpAddress.parse("127.0.0.7"), port, null, 0);
            assertThat(new TcpProbe(new CheckSettings.Tcp(Settings.TIMING, target))
                            .run(true)
                            .ok())
                    .isTrue();
            assertThat(client.get(5, TimeUnit.SECONDS)).isEqualTo("/127.0.0.7:" + port);
        }
    }

    @Test
    void aSourcePortCanBeUsedAgainAtOnce() throws Exception {
        int port = Settings.closedPort();
        try (OddServer server = OddServer.that((in, out) -> in.readAllBytes())) {
            Target target = new Target(Settings.local(server.port()), null, port, null, 0);
            TcpProbe probe = new TcpProbe(new CheckSettings.Tcp(Settings.TIMING, target));
            for (int i = 0; i < 5; i++) {
                assertThat(probe.run(true)).isEqualTo(Result.success());
            }
        }
    }

    @Test
    void interfaceAndMarkReachTheKernel() throws Exception {
        try (OddServer server = OddServer.that((in, out) -> in.readAllBytes())) {
            Endpoint endpoint = Settings.local(server.port());
            assertThat(run(new Target(endpoint, null, 0, "lo", 7))).isEqualTo(Result.success());
            assertThat(run(new Target(endpoint, null, 0, "none0", 0)).reason())
                    .startsWith("setsockopt SO_BINDTODEVICE none0: No such device");
        }
    }

    @Test
    void aSourceThatIsNotHereIsNamed() throws Exception {
        Result result = run(new Target(Settings.local(1), IpAddress.parse("203.0.113.9"), 0, null, 0));
        assertThat(result.reason()).startsWith("cannot bind to the source: ");
    }

    private static Result run(Target target) throws InterruptedException {
        return new TcpProbe(new CheckSettings.Tcp(Settings.TIMING, target)).run(true);
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        try (OddServer server = OddServer.that((in, out) -> in.readAllBytes())) {
            CompletableFuture<String> how = new CompletableFuture<>();
            var settings = new Smtp(
                    new CheckSettings.Timing(
                            Duration.ofSeconds(1),
                            0,
                            Duration.ZERO,
                            Duration.ZERO,
                            Duration.ofMinutes(5),
                            false,
                            false),
                    Settings.target(server.port()),
                    "lb");
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    how.complete(new SmtpProbe(settings).run(true).reason());
                } catch (InterruptedException _) {
                    how.complete("interrupted");
                }
            });
            Thread.sleep(50);
            thread.interrupt();
            assertThat(how.get(5, TimeUnit.SECONDS)).isEqualTo("interrupted");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "220 mx|250 hi|221 bye, ''",
        "220-mx|220 ready|250-a|250 b|221, ''",
        "554 no, 'reply to the greeting is ''554 no'', not 220'",
        "220 mx|500 what, 'reply to HELO is ''500 what'', not 250'",
        "220 mx|250 hi|, 'the connection was closed before the reply to QUIT'",
        "220-mx, 'the connection was closed before the reply to the greeting'",
    })
    void smtp(String script, String reason) throws Exception {
        try (OddServer server = OddServer.saying(script.replace("|", "\r\n") + (script.endsWith("|") ? "" : "\r\n"))) {
            Smtp settings = new Smtp(Settings.TIMING, Settings.target(server.port()), "lb");
            Result result = new SmtpProbe(settings).run(true);
            assertThat(result.reason()).isEqualTo(reason);
            assertThat(result.ok()).isEqualTo(reason.isEmpty());
            if (result.ok()) {
                assertThat(server.said()).isEqualTo("HELO lb\r\nQUIT\r\n");
            }
        }
    }

    @Test
    void smtpRepliesHaveAnEnd() throws Exception {
        byte[] more = "220-more\r\n".repeat(1000).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        try (OddServer server = OddServer.that((in, out) -> {
            while (true) {
                out.write(more);
            }
        })) {
            Smtp settings = new Smtp(Settings.TIMING, Settings.target(server.port()), "lb");
            assertThat(new SmtpProbe(settings).run(true)).isEqualTo(Result.failure("reply to the greeting has no end"));
        }
    }
}

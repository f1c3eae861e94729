package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.CheckSettings.Http;
import jdpvs.keepalived.configuration.CheckSettings.Http.Range;
import jdpvs.keepalived.configuration.CheckSettings.Http.Url;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SSL_GET, against a server with a certificate that nobody would trust. */
class TlsProbeTest {
    private static final char[] PASSWORD = "secret".toCharArray();

    @TempDir
    static Path directory;

    private static SSLContext context;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path file = directory.resolve("keys");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=wrong.example",
                        "-startdate",
                        "-10d",
                        "-validity",
                        "1",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "secret")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, PASSWORD);
        context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
    }

    private static Http http(CheckSettings.Timing timing, int port, boolean serverName) {
        Url url = new Url("/", List.of(new Range(200, 200)), null, "www.example:8443", null, false, 0, 0, -1);
        return new Http(timing, Settings.target(port), true, List.of(url), "1.1", serverName, false, null);
    }

    @Test
    void whoTheServerIsDoesNotMatter() throws Exception {
        BlockingQueue<String> names = new LinkedBlockingQueue<>();
        try (SSLServerSocket listener =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, Settings.LOOPBACK)) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        try (SSLSocket socket = (SSLSocket) listener.accept()) {
                            socket.startHandshake();
                            names.add(((ExtendedSSLSession) socket.getSession())
                                    .getRequestedServerNames()
                                    .toString());
                            socket.getOutputStream()
                                    .write("HTTP/1.1 200 OK\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII));
                            socket.shutdownOutput();
                            socket.getInputStream().readAllBytes();
                        }
                    }
                } catch (java.io.IOException _) {
                    // Closed: the test is over.
                }
            });
            assertThat(new HttpProbe(http(Settings.TIMING, listener.getLocalPort(), false)).run(true))
                    .isEqualTo(Result.success());
            assertThat(names.poll(20, TimeUnit.SECONDS)).isEqualTo("[]");
            assertThat(new HttpProbe(http(Settings.TIMING, listener.getLocalPort(), true)).run(true))
                    .isEqualTo(Result.success());
            assertThat(names.poll(20, TimeUnit.SECONDS)).contains("www.example").doesNotContain("8443");
        }
    }

    @Test
    void aServerWithoutTlsFails() throws Exception {
        try (OddServer server = OddServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            assertThat(new HttpProbe(http(Settings.TIMING, server.port(), false))
                            .run(true)
                            .reason())
                    .startsWith("TLS: ");
        }
    }

    @Test
    void aHandshakeThatDripsEndsWithTheTimeOut() throws Exception {
        try (OddServer server = OddServer.that((in, out) -> {
            // A handshake record of 4 KiB, a byte at a time.
            out.write(new byte[] {22, 3, 3, 16, 0});
            for (int i = 0; i < 1000; i++) {
                out.write(0);
                Thread.sleep(50);
            }
        })) {
            assertThat(new HttpProbe(http(Settings.IMPATIENT, server.port(), false)).run(true))
                    .isEqualTo(Result.failure("no TLS handshake within 0.5 s"));
        }
    }
}

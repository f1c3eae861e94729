package jdpvs.keepalived.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jdpvs.keepalived.configuration.GlobalSettings.Mail;
import org.junit.jupiter.api.Test;

class MailerTest {
    private static Mail to(int port) {
        return new Mail(
                List.of("night@example.org", "day@example.org"),
                "keepalived@example.org",
                "127.0.0.1",
                port,
                "lb1.example.org",
                Duration.ofSeconds(5));
    }

    @Test
    void aMailIsALineForEachRecipient() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Mailer mailer = new Mailer()) {
            CompletableFuture<List<String>> said = CompletableFuture.supplyAsync(() -> receive(server));
            mailer.write(to(server.getLocalPort()), "[LB1] VRRP instance VI_1 is MASTER, priority 100");
            assertThat(said.get(20, TimeUnit.SECONDS))
                    .contains(
                            "EHLO lb1.example.org",
                            "MAIL FROM:<keepalived@example.org>",
                            "RCPT TO:<night@example.org>",
                            "RCPT TO:<day@example.org>",
                            "Subject: [LB1] VRRP instance VI_1 is MASTER, priority 100",
                            "[LB1] VRRP instance VI_1 is MASTER, priority 100",
                            "QUIT");
        }
    }

    /** The next one is tried all the same. */
    @Test
    void aServerThatIsNotThereHoldsNothingUp() throws Exception {
        int closed;
        try (ServerSocket none = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = none.getLocalPort();
        }
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Mailer mailer = new Mailer()) {
            CompletableFuture<List<String>> said = CompletableFuture.supplyAsync(() -> receive(server));
            mailer.write(to(closed), "lost");
            mailer.write(to(server.getLocalPort()), "kept");
            assertThat(said.get(20, TimeUnit.SECONDS)).contains("Subject: kept").doesNotContain("Subject: lost");
        }
    }

    /** A server's half of RFC 5321 appendix D.1. */
    private static List<String> receive(ServerSocket server) {
        List<String> lines = new ArrayList<>();
        try (Socket client = server.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(client.getOutputStream(), false, StandardCharsets.UTF_8)) {
            boolean data = false;
            String line = "";
            String answer = "220 here";
            while (line != null && !line.equals("QUIT")) {
                if (!data || line.equals(".")) {
                    out.print(answer + "\r\n");
                    out.flush();
                    data = answer.startsWith("354");
                }
                line = in.readLine();
                if (line != null) {
                    lines.add(line);
                    answer = !data && line.equals("DATA") ? "354 go on" : "250 well";
                }
            }
            out.print("221 bye\r\n");
            out.flush();
        } catch (IOException e) {
            lines.add(e.toString());
        }
        return lines;
    }
}

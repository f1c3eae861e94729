package jdpvs.daemon.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jdpvs.control.Change;
import jdpvs.control.CommandStream;
import jdpvs.control.ControlClient;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Event;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.UnreachableException;
import jdpvs.control.Views;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlServerTest {
    @TempDir
    private Path directory;

    private final RecordingControl control = new RecordingControl();
    private Path socket = Path.of("");
    private ControlServer server;
    private ControlClient client;

    @BeforeEach
    void start() throws IOException {
        socket = directory.resolve("dpvs.ipc");
        server = ControlServer.start(socket, () -> control);
        client = new ControlClient(socket, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersQuestionsAndChanges() throws Exception {
        assertThat(client.status().version()).isEqualTo("9.9");
        assertThat(client.drops()).containsExactly(new Views.Drop("r", "s", 3, List.of(1L, 2L)));
        assertThat(client.ipv6Counters()).containsExactly(new Views.Ipv6Counter("InReceives", "s", 3, List.of(1L, 2L)));
        List<Change> changes = List.of(new Change.ServiceClear(), new Change.AddressFlush("dpdk0"));
        client.apply(changes);
        assertThat(control.applied).isEqualTo(changes);
    }

    @Test
    void refusalsComeThroughWhole() {
        assertThatThrownBy(() -> client.apply(List.of(new Change.AddressFlush("refuse"))))
                .isInstanceOfSatisfying(ControlException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_EXIST);
                    assertThat(refusal.changeIndex()).isZero();
                })
                .hasMessage("device refuse");
    }

    @Test
    void connectionsStream() throws Exception {
        List<Views.Connection> seen = new ArrayList<>();
        client.connections(seen::add);
        assertThat(seen).hasSize(RecordingControl.CONNECTIONS);
        seen.clear();
        client.connections(c -> seen.add(c) && seen.size() < 3);
        assertThat(seen).hasSize(3);
    }

    @Test
    void eventsStreamUntilTheEnd() throws Exception {
        List<Event> seen = new ArrayList<>();
        client.events(event -> seen.add(event) && seen.size() < 3);
        assertThat(seen).extracting(Event::kind).containsExactly(Event.Kind.READY, Event.Kind.TICK, Event.Kind.TICK);
        CountDownLatch first = new CountDownLatch(1);
        Thread listener = Thread.ofVirtual().start(() -> {
            try {
                client.events(event -> {
                    first.countDown();
                    return true;
                });
            } catch (IOException | ControlException e) {
                // The daemon went without a word, which is an end too.
            }
        });
        first.await();
        server.close();
        assertThat(listener.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void aReportIsKept() throws Exception {
        assertThat(client.keepalived()).isEmpty();
        KeepalivedReport report = new KeepalivedReport(
                7,
                KeepalivedReport.Part.EVERYTHING,
                "f",
                1,
                2,
                List.of(),
                List.of(),
                KeepalivedReport.Made.NOTHING,
                List.of("a sentence"));
        client.report(report);
        assertThat(client.keepalived()).containsExactly(new Views.Keepalived(report, 1, 2));
    }

    @Test
    void rootAloneMayOpenTheSocket() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
    }

    @Test
    void knowsWhoAsks() throws IOException {
        Path other = directory.resolve("peer");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(other));
            try (SocketChannel from = SocketChannel.open(UnixDomainSocketAddress.of(other));
                    SocketChannel to = listener.accept()) {
                assertThat(from.isConnected()).isTrue();
                Peer peer = Peer.of(to);
                assertThat(peer.pid()).isEqualTo((int) ProcessHandle.current().pid());
                assertThat(peer.isRoot())
                        .isEqualTo(System.getProperty("user.name").equals("root"));
            }
        }
    }

    @Test
    void runsCommands() throws IOException {
        byte[] request = CommandStream.requestLine(new CommandStream.Request(null, "dpip", List.of("link", "frob")));
        String answer = post("/v1/command", request);
        assertThat(answer).startsWith("HTTP/1.1 200").contains("invalid command frob");
    }

    @Test
    void nonsenseIsRefused() throws IOException {
        assertThat(post("/v1/command", "nonsense\n".getBytes(UTF_8))).startsWith("HTTP/1.1 400");
        assertThat(post("/v1/command", "nonsense\n".getBytes(UTF_8)))
                .as("a tool prints it as it is")
                .doesNotContain("\"code\"");
        assertThat(post("/v1/nothing", new byte[0])).startsWith("HTTP/1.1 404");
    }

    @Test
    void aSecondInstanceOnTheSameSocketIsRefused() {
        assertThatThrownBy(() -> ControlServer.start(socket, () -> control))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("already running")
                .hasMessageContaining(socket.toString());
        assertThat(socket).exists();
    }

    @Test
    void aStaleSocketIsReplaced() throws IOException {
        Path stale = directory.resolve("stale");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }
        assertThat(stale).exists();
        try (ControlServer second = ControlServer.start(stale, () -> control)) {
            assertThat(second).isNotNull();
            assertThat(new ControlClient(stale, Duration.ofSeconds(10)).links()).isEmpty();
        }
        assertThat(stale).doesNotExist();
    }

    @Test
    void whatIsNoSocketStays() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        assertThatThrownBy(() -> ControlServer.start(file, () -> control)).hasMessageContaining("no socket");
        assertThat(file).hasContent("precious");
        assertThatThrownBy(() -> ControlServer.start(directory.resolve("no/dpvs.ipc"), () -> control))
                .hasMessageContaining("directory does not exist");
        assertThatThrownBy(() -> ControlServer.start(directory.resolve("x".repeat(120)), () -> control))
                .hasMessageContaining("longer than 107");
    }

    @Test
    void afterTheEndNobodyAnswers() {
        server.close();
        assertThat(socket).doesNotExist();
        assertThatThrownBy(client::status).isInstanceOf(UnreachableException.class);
    }

    private String post(String path, byte[] body) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                    + body.length + "\r\n\r\n";
            channel.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
            channel.write(ByteBuffer.wrap(body));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            Channels.newInputStream(channel).transferTo(answer);
            return answer.toString(UTF_8);
        }
    }
}

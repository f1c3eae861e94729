package jdpvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Client and handler over a real socket: both ends behave as one {@link Control}. */
class ControlClientTest {
    private static final ServiceKey KEY = new ServiceKey(Protocol.TCP, IpAddress.parse("2001:db8::1"), 80);

    @TempDir
    private Path directory = Path.of("");

    private Path socket = Path.of("");
    private ControlClient client = new ControlClient(socket, Duration.ofSeconds(20));
    private final RecordedControl control = new RecordedControl(
            new Samples(RandomGeneratorFactory.of("L64X128MixRandom").create(7)));

    @BeforeEach
    void place() {
        socket = directory.resolve("ipc");
        client = new ControlClient(socket, Duration.ofSeconds(20));
    }

    /** The handler behind a socket, its bodies in chunks of every size. */
    private ScriptedServer server() throws IOException {
        ControlHandler handler = new ControlHandler(control);
        return new ScriptedServer(socket, (request, out) -> {
            int question = request.target().indexOf('?');
            String path = question < 0 ? request.target() : request.target().substring(0, question);
            String query = question < 0 ? null : request.target().substring(question + 1);
            handler.handle(request.method(), path, query, request.body(), (status, type) -> {
                ScriptedServer.write(
                        out,
                        "HTTP/1.1 " + status + " Said\r\nContent-Type: " + type
                                + "\r\nTransfer-Encoding: chunked\r\n\r\n");
                return new Chunks(out);
            });
        });
    }

    private static final class Chunks extends FilterOutputStream {
        private boolean closed;

        Chunks(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            for (int size = 1; from < offset + length; size = size * 3 + 1) {
                int n = Math.min(size, offset + length - from);
                ScriptedServer.write(out, Integer.toHexString(n).toUpperCase(Locale.ROOT) + ";x=y\r\n");
                out.write(bytes, from, n);
                ScriptedServer.write(out, "\r\n");
                from += n;
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                ScriptedServer.write(out, "0\r\nTrailer: t\r\n\r\n");
            }
        }
    }

    @Test
    void everyQuestionIsAnswered() throws Exception {
        try (ScriptedServer server = server()) {
            assertThat(client.status()).isEqualTo(control.status());
            assertThat(client.links()).isEqualTo(control.links());
            assertThat(client.addresses(false)).isEqualTo(control.addresses(false));
            assertThat(client.addresses(true))
                    .isEqualTo(control.addresses(true))
                    .hasSize(4);
            assertThat(client.routes(false)).isEqualTo(control.routes(false));
            assertThat(client.routes(true)).isEqualTo(control.routes(true));
            assertThat(client.neighbours()).isEqualTo(control.neighbours());
            assertThat(client.services()).isEqualTo(control.services());
            assertThat(client.service(KEY)).isEqualTo(control.service(KEY)).isNotNull();
            assertThat(client.service(new ServiceKey(Protocol.UDP, KEY.address(), 80)))
                    .isNull();
            assertThat(client.drops()).isEqualTo(control.drops());
            assertThat(client.ipv6Counters()).isEqualTo(control.ipv6Counters());
            assertThat(server.targets).hasSize(12);
        }
    }

    @Test
    void transactionsAreAppliedOrRefused() throws Exception {
        try (ScriptedServer server = server()) {
            List<Change> changes =
                    new Samples(RandomGeneratorFactory.of("L64X128MixRandom").create(8)).changes(20);
            client.apply(changes);
            assertThat(control.applied).isEqualTo(changes);
            control.refusal = new ControlException(ErrorCode.EXISTS, "address 10.0.0.1/32 on dpdk0 “ä”", 17);
            assertThatThrownBy(() -> client.apply(changes)).isInstanceOfSatisfying(ControlException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.EXISTS);
                assertThat(e).hasMessage("address 10.0.0.1/32 on dpdk0 “ä”");
                assertThat(e.changeIndex()).isEqualTo(17);
            });
            assertThat(server.targets).hasSize(2);
        }
    }

    @Test
    void connectionsStreamUntilTheVisitorHasEnough() throws Exception {
        try (ScriptedServer server = server()) {
            List<Views.Connection> seen = new ArrayList<>();
            client.connections(seen::add);
            assertThat(seen).isEqualTo(control.connections);
            seen.clear();
            client.connections(c -> {
                seen.add(c);
                return seen.size() < 3;
            });
            assertThat(seen).isEqualTo(control.connections.subList(0, 3));
            assertThat(server.targets).hasSize(2);
        }
    }

    @Test
    void packetsStreamUntilTheVisitorHasSeenEnough() throws Exception {
        try (ScriptedServer server = server()) {
            WatchRequest request = new WatchRequest("dpdk 0", "port 80 && !tcp", 96, true);
            List<PacketEvent> seen = new ArrayList<>();
            client.watch(request, event -> seen.add(event) && seen.size() < 150);
            assertThat(seen).isEqualTo(control.events.subList(0, 150));
            assertThat(control.watched).isEqualTo(request);
            assertThat(server.targets).hasSize(1);
        }
    }

    @Test
    void eventsStreamUntilEitherSideHasEnough() throws Exception {
        try (ScriptedServer server = server()) {
            List<Event> seen = new ArrayList<>();
            client.events(seen::add);
            assertThat(seen).hasSize(101).startsWith(new Event(Event.Kind.READY, "here"));
            seen.clear();
            client.events(event -> seen.add(event) && seen.size() < 3);
            assertThat(seen).hasSize(3).endsWith(new Event(Event.Kind.TICK, "here"));
            control.refusal = new ControlException(ErrorCode.NO_RESOURCE, "too many");
            assertThatThrownBy(() -> client.events(seen::add)).hasMessage("too many");
            assertThat(server.targets).hasSize(3);
        }
    }

    @Test
    void theLastReportIsKept() throws Exception {
        try (ScriptedServer server = server()) {
            assertThat(client.keepalived()).isEmpty();
            KeepalivedReport report =
                    new Samples(RandomGeneratorFactory.of("L64X128MixRandom").create(9)).of(KeepalivedReport.class);
            client.report(report);
            assertThat(client.keepalived()).containsExactly(new Views.Keepalived(report, 1, 2));
            assertThat(server.targets).hasSize(3);
        }
    }

    @Test
    void whatTheHandlerRefuses() throws Exception {
        record Row(String method, String target, String body, int status, String sentence) {}
        List<Row> rows = List.of(
                new Row("GET", "/v1/frob", "", 404, "there is no resource /v1/frob"),
                new Row("POST", ControlPaths.STATUS, "", 405, "this resource answers GET only"),
                new Row("GET", ControlPaths.TRANSACTION, "", 405, "this resource answers POST only"),
                new Row("POST", ControlPaths.EVENTS, "", 405, "this resource answers GET only"),
                new Row("PUT", ControlPaths.KEEPALIVED, "", 405, "this resource answers GET and POST only"),
                new Row("POST", ControlPaths.KEEPALIVED, "{\"pid\":1}", 400, "KeepalivedReport"),
                new Row("POST", ControlPaths.TRANSACTION, "{", 400, "list of changes"),
                new Row("GET", ControlPaths.ROUTES + "?family=ipx", "", 400, "family is inet or inet6"),
                new Row("GET", ControlPaths.SERVICES + "?protocol=TCP", "", 400, "a service is named by"),
                new Row("GET", ControlPaths.SERVICES + "?protocol", "", 400, "is not name=value"),
                new Row("GET", ControlPaths.SERVICES + "?protocol=%zz", "", 400, "badly escaped"));
        try (ScriptedServer server = server()) {
            for (Row row : rows) {
                try (HttpExchange exchange = HttpExchange.open(socket, Duration.ofSeconds(20))) {
                    exchange.send(
                            row.method,
                            row.target,
                            row.body.isEmpty() ? null : row.body.getBytes(StandardCharsets.UTF_8));
                    assertThat(exchange.status()).as(row.target).isEqualTo(row.status);
                    ErrorReply reply = ControlJson.read(exchange.body().readAllBytes(), ErrorReply.class);
                    assertThat(reply.message()).contains(row.sentence);
                }
            }
            assertThat(server.targets).hasSize(rows.size());
        }
    }

    @Test
    void answersWithALengthOrUpToTheEnd() throws Exception {
        String[] answers = {
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]surplus",
            "HTTP/1.0 200 OK\r\n\r\n[]",
            "HTTP/1.1 200 OK\nTransfer-Encoding: Chunked\n\n2\n[]\n0\n\n",
        };
        int[] next = new int[1];
        try (ScriptedServer server =
                new ScriptedServer(socket, (r, out) -> ScriptedServer.write(out, answers[next[0]++]))) {
            for (int i = 0; i < answers.length; i++) {
                assertThat(client.drops()).isEmpty();
            }
            assertThat(server.targets).hasSize(answers.length);
        }
    }

    @Test
    void malformedAnswersAreSentences() throws Exception {
        String[][] answers = {
            {"", "closed the connection before its answer was complete"},
            {"SSH-2.0-x\r\n", "does not speak HTTP"},
            {"HTTP/1.1 abc\r\n\r\n", "bad number: 'abc'"},
            {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "bad number"},
            {"HTTP/1.1 200 OK\r\nnocolon\r\n\r\n", "malformed headers"},
            {"HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(101) + "\r\n", "malformed headers"},
            {"HTTP/1.1 200 OK\r\na: " + "b".repeat(20_000) + "\r\n\r\n", "too long"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n[]", "before its answer was complete"},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]x\r\n", "malformed chunk"},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "bad number"},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[]", "before its answer was complete"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "list of Drop"},
            {"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nfrob", "answers 500 to /v1/drops: no reason given"},
        };
        int[] next = new int[1];
        try (ScriptedServer server =
                new ScriptedServer(socket, (r, out) -> ScriptedServer.write(out, answers[next[0]++][0]))) {
            for (String[] row : answers) {
                assertThatThrownBy(client::drops)
                        .as(row[0])
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(row[1]);
            }
            assertThat(server.targets).hasSize(answers.length);
        }
    }

    @Test
    void aSilentDaemonIsGivenUp() throws Exception {
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(socket));
            ControlClient impatient = new ControlClient(socket, Duration.ofMillis(50));
            assertThatThrownBy(impatient::status).hasMessageContaining("did not answer within 50 ms");
            // More than the socket takes in.
            List<Change> much = new ArrayList<>();
            for (int i = 0; i < 50_000; i++) {
                much.add(new Change.AddressFlush("dpdk0"));
            }
            assertThatThrownBy(() -> impatient.apply(much)).hasMessageContaining("did not answer within 50 ms");
        }
    }

    @Test
    void unreachable() throws Exception {
        assertThatThrownBy(client::status)
                .isInstanceOf(UnreachableException.class)
                .hasMessage("No such file or directory");
        try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThatThrownBy(client::status)
                .isInstanceOf(UnreachableException.class)
                .hasMessage("Connection refused");
    }
}

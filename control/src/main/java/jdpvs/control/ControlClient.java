package jdpvs.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@link Control} from another process, over the daemon's UNIX socket. Each call is a connection of its own, so any thread may call. */
public final class ControlClient implements Control {
    private final Path socket;
    private final Duration silence;

    /** @param silence how long the daemon may say nothing before a call fails */
    public ControlClient(Path socket, Duration silence) {
        this.socket = socket;
        this.silence = silence;
    }

    @Override
    public void apply(List<Change> changes) throws ControlException, IOException {
        try (HttpExchange exchange = HttpExchange.open(socket, silence)) {
            exchange.send("POST", ControlPaths.TRANSACTION, ControlJson.writeChanges(changes));
            byte[] body = exchange.body().readAllBytes();
            if (exchange.status() == 409) {
                throw ControlJson.read(body, ErrorReply.class).toException();
            }
            check(exchange.status(), ControlPaths.TRANSACTION, body);
        }
    }

    @Override
    public Views.Status status() throws IOException {
        return ControlJson.read(get(ControlPaths.STATUS), Views.Status.class);
    }

    @Override
    public List<Views.Link> links() throws IOException {
        return list(ControlPaths.LINKS, Views.Link.class);
    }

    @Override
    public List<Views.Address> addresses(boolean perWorker) throws IOException {
        return list(ControlPaths.ADDRESSES + (perWorker ? "?workers=true" : ""), Views.Address.class);
    }

    @Override
    public List<Views.Route> routes(boolean ipv6) throws IOException {
        return list(ControlPaths.ROUTES + (ipv6 ? "?family=inet6" : ""), Views.Route.class);
    }

    @Override
    public List<Views.Neighbour> neighbours() throws IOException {
        return list(ControlPaths.NEIGHBOURS, Views.Neighbour.class);
    }

    @Override
    public List<Views.Service> services() throws IOException {
        return list(ControlPaths.SERVICES, Views.Service.class);
    }

    @Override
    public Views.@Nullable Service service(ServiceKey key) throws IOException {
        String address = URLEncoder.encode(key.address().toString(), StandardCharsets.UTF_8);
        List<Views.Service> found = list(
                ControlPaths.SERVICES + "?protocol=" + key.protocol() + "&address=" + address + "&port=" + key.port(),
                Views.Service.class);
        return found.isEmpty() ? null : found.getFirst();
    }

    @Override
    public void connections(Predicate<Views.Connection> visitor) throws IOException {
        try (HttpExchange exchange = HttpExchange.open(socket, silence)) {
            exchange.send("GET", ControlPaths.CONNECTIONS, null);
            if (exchange.status() != 200) {
                check(
                        exchange.status(),
                        ControlPaths.CONNECTIONS,
                        exchange.body().readAllBytes());
            }
            lines(exchange, Views.Connection.class, visitor);
        }
    }

    @Override
    public List<Views.PortUse> ports(int limit) throws IOException {
        return list(ControlPaths.PORTS + "?limit=" + limit, Views.PortUse.class);
    }

    @Override
    public List<Views.Drop> drops() throws IOException {
        return list(ControlPaths.DROPS, Views.Drop.class);
    }

    @Override
    public List<Views.Ipv6Counter> ipv6Counters() throws IOException {
        return list(ControlPaths.IPV6, Views.Ipv6Counter.class);
    }

    @Override
    public Traces.Trace trace(Traces.Question question) throws ControlException, IOException {
        try (HttpExchange exchange = HttpExchange.open(socket, silence)) {
            exchange.send("POST", ControlPaths.TRACE, ControlJson.write(question));
            byte[] body = exchange.body().readAllBytes();
            if (exchange.status() == 409) {
                throw ControlJson.read(body, ErrorReply.class).toException();
            }
            check(exchange.status(), ControlPaths.TRACE, body);
            return ControlJson.read(body, Traces.Trace.class);
        }
    }

    @Override
    public void explain(InputStream capture, Predicate<Traces.Explained> visitor) throws ControlException, IOException {
        try (HttpExchange exchange = HttpExchange.open(socket, silence)) {
            exchange.stream("POST", ControlPaths.EXPLAIN, capture);
            if (exchange.status() != 200) {
                check(exchange.status(), ControlPaths.EXPLAIN, exchange.body().readAllBytes());
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(exchange.body(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] json = line.getBytes(StandardCharsets.UTF_8);
                if (line.startsWith("{\"code\"")) {
                    throw ControlJson.read(json, ErrorReply.class).toException();
                }
                if (!visitor.test(ControlJson.read(json, Traces.Explained.class))) {
                    return;
                }
            }
        }
    }

    @Override
    public void watch(WatchRequest request, Predicate<PacketEvent> visitor) throws ControlException, IOException {
        String target = ControlPaths.WATCH + "?filter=" + URLEncoder.encode(request.filter(), StandardCharsets.UTF_8)
                + "&snaplen=" + request.snapLength() + "&follow=" + request.follow()
                + (request.device() == null
                        ? ""
                        : "&device=" + URLEncoder.encode(request.device(), StandardCharsets.UTF_8));
        stream(target, PacketEvent.class, visitor);
    }

    @Override
    public void events(Predicate<Event> visitor) throws ControlException, IOException {
        stream(ControlPaths.EVENTS, Event.class, visitor);
    }

    @Override
    public void report(KeepalivedReport report) throws IOException {
        try (HttpExchange exchange = HttpExchange.open(socket, silence)) {
            exchange.send("POST", ControlPaths.KEEPALIVED, ControlJson.write(report));
            check(exchange.status(), ControlPaths.KEEPALIVED, exchange.body().readAllBytes());
        }
    }

    @Override
    public List<Views.Keepalived> keepalived() throws IOException {
        return list(ControlPaths.KEEPALIVED, Views.Keepalived.class);
    }

    /** The socket, for messages. */
    @Override
    public String toString() {
        return socket.toString();
    }

    private <T> void stream(String target, Class<T> element, Predicate<T> visitor)
            throws ControlException, IOException {
        try (HttpExchange exchange = HttpExchange.open(socket, silence)) {
            exchange.send("GET", target, null);
            if (exchange.status() == 409) {
                throw ControlJson.read(exchange.body().readAllBytes(), ErrorReply.class)
                        .toException();
            }
            if (exchange.status() != 200) {
                check(exchange.status(), target, exchange.body().readAllBytes());
            }
            lines(exchange, element, visitor);
        }
    }

    private static <T> void lines(HttpExchange exchange, Class<T> element, Predicate<T> visitor) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(exchange.body(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!visitor.test(ControlJson.read(line.getBytes(StandardCharsets.UTF_8), element))) {
                return;
            }
        }
    }

    private <T> List<T> list(String target, Class<T> element) throws IOException {
        return ControlJson.readList(get(target), element);
    }

    private byte[] get(String target) throws IOException {
        try (HttpExchange exchange = HttpExchange.open(socket, silence)) {
            exchange.send("GET", target, null);
            byte[] body = exchange.body().readAllBytes();
            check(exchange.status(), target, body);
            return body;
        }
    }

    private static void check(int status, String target, byte[] body) throws IOException {
        if (status == 200) {
            return;
        }
        String reason;
        try {
            reason = ControlJson.read(body, ErrorReply.class).message();
        } catch (ControlJson.JsonException e) {
            reason = "no reason given";
        }
        throw new IOException("the daemon answers " + status + " to " + target + ": " + reason);
    }
}

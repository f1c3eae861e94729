package jdpvs.control;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server's half of {@link ControlPaths}, free of any HTTP library: a request in, calls of {@link Control}, an answer out. */
public final class ControlHandler {
    /** Where an answer goes; the handler calls it once for each request. */
    @FunctionalInterface
    public interface Response {
        /** Sends status and headers; the handler writes the body and closes the stream. */
        OutputStream start(int status, String contentType) throws IOException;
    }

    private final Control control;

    public ControlHandler(Control control) {
        this.control = control;
    }

    /**
     * @param path without the query
     * @param query raw, null = none
     * @throws IOException when the body cannot be read or the answer not be written: the client is gone
     */
    public void handle(String method, String path, @Nullable String query, InputStream body, Response response)
            throws IOException {
        try {
            Map<String, String> parameters = parameters(query);
            switch (path) {
                case ControlPaths.TRANSACTION -> {
                    need(method, "POST");
                    control.apply(
                            ControlJson.readChanges(ControlJson.readBody(body, ControlPaths.TRANSACTION_LIMIT_BYTES)));
                    send(response, 200, Map.of());
                }
                case ControlPaths.STATUS -> answer(method, response, control::status);
                case ControlPaths.LINKS -> answer(method, response, control::links);
                case ControlPaths.ADDRESSES ->
                    answer(method, response, () -> control.addresses(truth(parameters, "workers")));
                case ControlPaths.ROUTES -> answer(method, response, () -> control.routes(inet6(parameters)));
                case ControlPaths.NEIGHBOURS -> answer(method, response, control::neighbours);
                case ControlPaths.SERVICES -> answer(method, response, () -> services(parameters));
                case ControlPaths.CONNECTIONS -> {
                    need(method, "GET");
                    connections(response);
                }
                case ControlPaths.PORTS -> answer(method, response, () -> control.ports(limit(parameters)));
                case ControlPaths.WATCH -> {
                    need(method, "GET");
                    WatchRequest request = watchRequest(parameters);
                    StreamAnswer.<PacketEvent>of(response, event -> event.kind() == PacketEvent.Kind.TICK)
                            .run(visitor -> control.watch(request, visitor));
                }
                case ControlPaths.EVENTS -> {
                    need(method, "GET");
                    StreamAnswer.<Event>of(response, event -> true).run(control::events);
                }
                case ControlPaths.KEEPALIVED -> keepalived(method, body, response);
                case ControlPaths.DROPS -> answer(method, response, control::drops);
                case ControlPaths.IPV6 -> answer(method, response, control::ipv6Counters);
                case ControlPaths.TRACE -> {
                    need(method, "POST");
                    byte[] question = ControlJson.readBody(body, ControlPaths.QUESTION_LIMIT_BYTES);
                    send(response, 200, control.trace(ControlJson.read(question, Traces.Question.class)));
                }
                case ControlPaths.EXPLAIN -> {
                    need(method, "POST");
                    explain(body, response);
                }
                default -> refuse(response, 404, "there is no resource " + path);
            }
        } catch (ControlException e) {
            send(response, 409, ErrorReply.of(e));
        } catch (ControlJson.JsonException e) {
            refuse(response, 400, String.valueOf(e.getMessage()));
        } catch (MethodException e) {
            refuse(response, 405, String.valueOf(e.getMessage()));
        }
    }

    private void keepalived(String method, InputStream body, Response response) throws IOException, MethodException {
        switch (method) {
            case "GET" -> send(response, 200, control.keepalived());
            case "POST" -> {
                byte[] report = ControlJson.readBody(body, ControlPaths.REPORT_LIMIT_BYTES);
                control.report(ControlJson.read(report, KeepalivedReport.class));
                send(response, 200, Map.of());
            }
            default -> throw new MethodException("this resource answers GET and POST only");
        }
    }

    private void connections(Response response) throws IOException {
        try (OutputStream out = new BufferedOutputStream(response.start(200, ControlPaths.JSON_LINES), 32 << 10)) {
            IOException[] gone = new IOException[1];
            control.connections(connection -> {
                try {
                    out.write(ControlJson.write(connection));
                    out.write('\n');
                    return true;
                } catch (IOException e) {
                    gone[0] = e;
                    return false;
                }
            });
            if (gone[0] != null) {
                throw gone[0];
            }
        }
    }

    private void explain(InputStream body, Response response) throws IOException {
        try (OutputStream out = new BufferedOutputStream(response.start(200, ControlPaths.JSON_LINES), 32 << 10)) {
            IOException[] gone = new IOException[1];
            try {
                control.explain(body, explained -> {
                    try {
                        out.write(ControlJson.write(explained));
                        out.write('\n');
                        return true;
                    } catch (IOException e) {
                        gone[0] = e;
                        return false;
                    }
                });
            } catch (ControlException e) {
                // The answer has begun: the refusal is its last line.
                out.write(ControlJson.write(ErrorReply.of(e)));
                out.write('\n');
            }
            if (gone[0] != null) {
                throw gone[0];
            }
        }
    }

    private List<Views.Service> services(Map<String, String> parameters) throws IOException {
        if (!parameters.containsKey("protocol")) {
            return control.services();
        }
        ServiceKey key;
        try {
            key = new ServiceKey(
                    Protocol.valueOf(parameters.getOrDefault("protocol", "")),
                    IpAddress.parse(parameters.getOrDefault("address", "")),
                    Integer.parseInt(parameters.getOrDefault("port", "")));
        } catch (IllegalArgumentException e) {
            throw new ControlJson.JsonException("a service is named by protocol=TCP&address=10.0.0.1&port=80");
        }
        Views.Service service = control.service(key);
        return service == null ? List.of() : List.of(service);
    }

    private static int limit(Map<String, String> parameters) throws ControlJson.JsonException {
        String text = parameters.getOrDefault("limit", "1000");
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw new ControlJson.JsonException("limit is a number from 1, not '" + text + "'");
        }
        throw new ControlJson.JsonException("limit is a number from 1, not '" + text + "'");
    }

    private static WatchRequest watchRequest(Map<String, String> parameters) throws ControlJson.JsonException {
        try {
            return new WatchRequest(
                    parameters.get("device"),
                    parameters.getOrDefault("filter", ""),
                    Integer.parseInt(parameters.getOrDefault("snaplen", Integer.toString(WatchRequest.WHOLE))),
                    truth(parameters, "follow"));
        } catch (IllegalArgumentException e) {
            throw new ControlJson.JsonException("snaplen is a number of bytes, 1 or more");
        }
    }

    private static boolean truth(Map<String, String> parameters, String name) {
        return "true".equals(parameters.get(name));
    }

    private static boolean inet6(Map<String, String> parameters) throws ControlJson.JsonException {
        return switch (parameters.getOrDefault("family", "inet")) {
            case "inet" -> false;
            case "inet6" -> true;
            default -> throw new ControlJson.JsonException("family is inet or inet6");
        };
    }

    private interface Query {
        Object ask() throws IOException;
    }

    private static void answer(String method, Response response, Query query) throws IOException, MethodException {
        need(method, "GET");
        send(response, 200, query.ask());
    }

    private static void need(String method, String wanted) throws MethodException {
        if (!method.equals(wanted)) {
            throw new MethodException("this resource answers " + wanted + " only");
        }
    }

    private static void refuse(Response response, int status, String sentence) throws IOException {
        send(response, status, new ErrorReply(ErrorCode.INVALID, sentence, -1));
    }

    private static void send(Response response, int status, Object value) throws IOException {
        try (OutputStream out = response.start(status, ControlPaths.JSON)) {
            out.write(ControlJson.write(value));
        }
    }

    private static Map<String, String> parameters(@Nullable String query) throws ControlJson.JsonException {
        Map<String, String> parameters = new HashMap<>();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals <= 0) {
                    throw new ControlJson.JsonException("'" + pair + "' in the query is not name=value");
                }
                try {
                    parameters.put(
                            pair.substring(0, equals),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw new ControlJson.JsonException("'" + pair + "' in the query is badly escaped");
                }
            }
        }
        return parameters;
    }

    private static final class MethodException extends Exception {
        private static final long serialVersionUID = 1L;

        MethodException(String sentence) {
            super(sentence);
        }
    }
}

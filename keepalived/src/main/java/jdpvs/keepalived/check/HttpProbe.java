package jdpvs.keepalived.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import jdpvs.keepalived.configuration.CheckSettings.Http;
import jdpvs.keepalived.configuration.CheckSettings.Http.Range;
import jdpvs.keepalived.configuration.CheckSettings.Http.Url;
import org.jspecify.annotations.Nullable;

/** HTTP_GET and SSL_GET: a URL answers as it should. Several take turns, one each attempt; one that fails is asked again until it does not. */
final class HttpProbe implements Probe {
    private final Http settings;
    private final List<Asked> urls = new ArrayList<>();
    private int turn;

    private record Asked(Url url, String request, @Nullable BodyPattern pattern) {}

    /** @throws java.util.regex.PatternSyntaxException when a URL's regex is none */
    HttpProbe(Http settings) {
        this.settings = settings;
        for (Url url : settings.urls()) {
            String regex = url.regex();
            urls.add(new Asked(url, request(url), regex == null ? null : new BodyPattern(regex, url)));
        }
    }

    /** With {@code fast_recovery} one attempt asks for everything. */
    @Override
    public int successesNeeded() {
        return settings.fastRecovery() ? 1 : urls.size();
    }

    @Override
    public Result run(boolean up) throws InterruptedException {
        int count = settings.fastRecovery() && !up ? urls.size() : 1;
        for (int i = 0; i < count; i++) {
            Asked asked = urls.get(turn);
            Result result = Connection.talk(settings.target(), settings.timing().connectTimeout(), c -> ask(c, asked));
            if (!result.ok()) {
                return urls.size() == 1 || !result.decided()
                        ? result
                        : Result.failure("url " + asked.url.path() + ": " + result.reason());
            }
            turn = (turn + 1) % urls.size();
        }
        return Result.success();
    }

    private Result ask(Connection connection, Asked asked) throws IOException, InterruptedException {
        byte[] preamble = ProxyPreamble.of(settings.proxyProtocol());
        if (settings.tls()) {
            if (preamble.length > 0) {
                connection.send(preamble);
            }
            connection.secure(settings.serverName() ? asked.url.host() : null);
        }
        connection.phase("no complete answer");
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        if (!settings.tls()) {
            request.writeBytes(preamble);
        }
        request.writeBytes(asked.request.getBytes(StandardCharsets.UTF_8));
        connection.send(request.toByteArray());
        HttpAnswer answer = new HttpAnswer(connection.input());
        int status = answer.head();
        if (asked.url.statusCodes().stream().noneMatch(range -> range.from() <= status && status <= range.to())) {
            throw new Unexpected("status " + status + ", not " + text(asked.url.statusCodes()));
        }
        body(connection, answer, asked);
        return Result.success();
    }

    private static void body(Connection connection, HttpAnswer answer, Asked asked)
            throws IOException, InterruptedException {
        String digest = asked.url.digest();
        BodyPattern pattern = asked.pattern;
        MessageDigest md5 = md5();
        boolean whole;
        try (BodyMemory memory = new BodyMemory()) {
            whole = answer.body((bytes, count) -> {
                if (digest != null) {
                    md5.update(bytes, 0, count);
                }
                if (pattern != null) {
                    keep(memory, bytes, count, connection.remaining());
                }
            });
            if (!whole) {
                connection.abort();
                if (digest != null || pattern != null) {
                    throw new Unexpected("body longer than " + (HttpAnswer.MOST_BODY >> 20) + " MiB");
                }
            }
            if (pattern != null) {
                connection.phase("regex did not end");
                pattern.check(memory.bytes(), System.nanoTime() + connection.remaining());
            }
        }
        if (digest != null) {
            String found = HexFormat.of().formatHex(md5.digest());
            if (!found.equalsIgnoreCase(digest)) {
                throw new Unexpected("MD5 digest " + found + ", not " + digest);
            }
        }
    }

    private static void keep(BodyMemory memory, byte[] bytes, int count, long nanos) throws IOException {
        try {
            memory.add(bytes, count, nanos);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new java.nio.channels.ClosedByInterruptException();
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no MD5", e);
        }
    }

    private String request(Url url) {
        String version = settings.version();
        String host = url.host() == null ? address() : url.host();
        return "GET " + target(url.path()) + " HTTP/" + (version.equals("1.1") ? "1.1" : "1.0") + "\r\n"
                + "User-Agent: KeepAliveClient\r\nHost: " + host.replaceAll("[\\r\\n]", "") + "\r\n"
                + (version.equals("1.0") ? "" : "Connection: close\r\n") + "\r\n";
    }

    private String address() {
        var destination = settings.target().destination();
        boolean usual = destination.port() == (settings.tls() ? 443 : 80);
        String text = destination.toString();
        return usual ? text.substring(0, text.lastIndexOf(':')) : text;
    }

    /** Spaces and control characters would end the request's line. */
    private static String target(String path) {
        StringBuilder target = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            target.append(c <= ' ' || c == 0x7f ? "%%%02X".formatted((int) c) : Character.toString(c));
        }
        return target.toString();
    }

    private static String text(List<Range> ranges) {
        return ranges.stream()
                .map(range -> range.from() == range.to() ? "" + range.from() : range.from() + "-" + range.to())
                .collect(Collectors.joining(" "));
    }
}

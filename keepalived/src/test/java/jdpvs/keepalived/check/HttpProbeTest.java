package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings.Http;
import jdpvs.keepalived.configuration.CheckSettings.Http.Range;
import jdpvs.keepalived.configuration.CheckSettings.Http.Url;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HttpProbeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final Url HELLO = Settings.digest("5d41402abc4b2a76b9719d911017c592");

    private static Result ask(OddServer server, Url url) throws InterruptedException {
        return new HttpProbe(Settings.http(server.port(), "1.1", url)).run(true);
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(OK + "\r\nhello", HELLO, ""),
                Arguments.of("HTTP/1.0 204 No Content\r\n\r\n", Settings.ROOT, ""),
                Arguments.of("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", Settings.ROOT, ""),
                Arguments.of("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello and more", HELLO, ""),
                Arguments.of("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + "\r\nhello", HELLO, ""),
                Arguments.of(CHUNKED + "2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: x\r\n\r\n", HELLO, ""),
                Arguments.of("HTTP/1.1 503 Sorry\r\n\r\n", Settings.ROOT, "status 503, not 200-299"),
                Arguments.of("HTTP/1.1 100 Go\r\n\r\n".repeat(17), Settings.ROOT, "more than 16 interim answers"),
                Arguments.of(
                        OK + "\r\nhullo",
                        HELLO,
                        "MD5 digest 54bf43965e2bbaa20c22c22ca7b4e9c7, not 5d41402abc4b2a76b9719d911017c592"),
                Arguments.of("", Settings.ROOT, "the connection was closed without an answer"),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nA", Settings.ROOT, "the connection was closed in the middle of the answer"),
                Arguments.of("SSH-2.0-x\u0007\r\n", Settings.ROOT, "not HTTP: 'SSH-2.0-x.'"),
                Arguments.of(OK + "Content-Length: 10\r\n\r\nhello", Settings.ROOT, "the body ended 5 bytes early"),
                Arguments.of(OK + "Content-Length: -1\r\n\r\n", Settings.ROOT, "bad Content-Length '-1'"),
                Arguments.of(OK + "Content-Length: 9x\r\n\r\n", Settings.ROOT, "bad Content-Length '9x'"),
                Arguments.of(CHUNKED + "zz\r\n", Settings.ROOT, "bad size of a chunk: 'zz'"),
                Arguments.of(CHUNKED + "-5\r\n", Settings.ROOT, "bad size of a chunk: '-5'"),
                Arguments.of(
                        CHUNKED + "ffffffffffffffffff\r\n", Settings.ROOT, "bad size of a chunk: 'ffffffffffffffffff'"),
                Arguments.of(CHUNKED + "1\r\nhello", Settings.ROOT, "bad chunk"),
                Arguments.of(
                        CHUNKED + "7fffffffffffffff\r\nhello", Settings.ROOT, "the body ended 4194299 bytes early"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void judgesAnswers(String answer, Url url, String reason) throws Exception {
        try (OddServer server = OddServer.saying(answer)) {
            assertThat(ask(server, url).reason()).isEqualTo(reason);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, ''",
        "1.0C, 'Connection: close\r\n'",
        "1.1, 'Connection: close\r\n'",
    })
    void asksAsTheVersionSays(String version, String connection) throws Exception {
        try (OddServer server = OddServer.saying(OK + "\r\n")) {
            new HttpProbe(Settings.http(server.port(), version, Settings.url("/a b?c=d"))).run(true);
            assertThat(server.said())
                    .isEqualTo("GET /a%20b?c=d HTTP/" + version.substring(0, 3)
                            + "\r\nUser-Agent: KeepAliveClient\r\nHost: 127.0.0.1:" + server.port() + "\r\n"
                            + connection.replace("\\r\\n", "\r\n") + "\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"v1, 'PROXY UNKNOWN\\r\\n'", "v2, '\\r\\n\\r\\n\\0\\r\\nQUIT\\n\\s\\0\\0\\0'"})
    void aPreambleGoesFirst(String version, String preamble) throws Exception {
        try (OddServer server = OddServer.saying(OK + "\r\n")) {
            Http http = new Http(
                    Settings.TIMING,
                    Settings.target(server.port()),
                    false,
                    List.of(Settings.ROOT),
                    "1.1",
                    false,
                    false,
                    version);
            assertThat(new HttpProbe(http).run(true)).isEqualTo(Result.success());
            assertThat(server.said()).startsWith(preamble.translateEscapes() + "GET / ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // regex, absent, from, to, reason
        "ell,      false, 0,  -1, ''",
        "ell,      false, 1,  1,  ''",
        "ell,      false, 2,  -1, regex did not match",
        "ell,      false, 0,  0,  regex did not match",
        "ell,      false, 99, -1, regex did not match",
        "ell,      true,  0,  -1, regex matched",
        "nothing,  true,  0,  -1, ''",
        "gr\u00fc\u00df,     false, 0,  -1, ''",
    })
    void looksForARegex(String regex, boolean absent, int from, int to, String reason) throws Exception {
        String body = new String("hello gr\u00fc\u00df".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (OddServer server = OddServer.saying(OK + "\r\n" + body)) {
            assertThat(ask(server, Settings.regex(regex, absent, from, to)).reason())
                    .isEqualTo(reason);
        }
    }

    /** Exponential in the length of the body. */
    @Test
    void aRegexHasAnEnd() throws Exception {
        try (OddServer server = OddServer.saying(OK + "\r\n" + "a".repeat(64))) {
            Http http = new Http(
                    Settings.IMPATIENT,
                    Settings.target(server.port()),
                    false,
                    List.of(Settings.regex("(a|a?)+b|(aa|a|b?)+(a+)+\\1x", false, 0, -1)),
                    "1.1",
                    false,
                    false,
                    null);
            assertThat(new HttpProbe(http).run(true)).isEqualTo(Result.failure("regex did not end within 0.5 s"));
        }
    }

    @Test
    void aDeepRegexDoesNotBreakTheCheck() throws Exception {
        try (OddServer server = OddServer.saying(OK + "\r\n" + "ab".repeat(1 << 20))) {
            assertThat(ask(server, Settings.regex("(a|b)*c", false, 0, -1)).ok())
                    .isFalse();
        }
    }

    private static OddServer endless(String head, String more) throws Exception {
        byte[] bytes = more.repeat(1 + 4096 / more.length()).getBytes(StandardCharsets.ISO_8859_1);
        return OddServer.that((in, out) -> {
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            while (true) {
                out.write(bytes);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 200 OK\\r\\n', 'A: b\\r\\n', headers longer than 65536 bytes",
        "'HTTP/1.1 200 OK\\r\\nA: ', 'b', headers longer than 65536 bytes",
        "'x', 'x', headers longer than 65536 bytes",
        "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n', '1', bad chunk",
        "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n', 'A: b\\r\\n', headers longer than 65536 bytes",
        "'HTTP/1.1 200 OK\\r\\n\\r\\n', 'x', ''",
        "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n', '4\\r\\nabcd\\r\\n', ''",
    })
    void endlessAnswersEnd(String head, String more, String reason) throws Exception {
        try (OddServer server = endless(head.translateEscapes(), more.translateEscapes())) {
            assertThat(ask(server, Settings.ROOT).reason()).isEqualTo(reason);
        }
    }

    @Test
    void aBodyThatIsTooLongCannotBeJudged() throws Exception {
        try (OddServer server = endless(OK + "\r\n", "x")) {
            assertThat(ask(server, HELLO)).isEqualTo(Result.failure("body longer than 4 MiB"));
            assertThat(ask(server, Settings.regex("y", false, 0, -1)))
                    .isEqualTo(Result.failure("body longer than 4 MiB"));
        }
    }

    /** Each byte in time, the whole not. */
    @ParameterizedTest
    @CsvSource({"'HTTP/1.1 200 OK\\r\\nA: '", "'HTTP/1.1 200 OK\\r\\n\\r\\n'", "''"})
    void aSlowDripEndsWithTheTimeOut(String head) throws Exception {
        try (OddServer server = OddServer.that((in, out) -> {
            out.write(head.translateEscapes().getBytes(StandardCharsets.ISO_8859_1));
            drip(out);
        })) {
            Http http = new Http(
                    Settings.IMPATIENT,
                    Settings.target(server.port()),
                    false,
                    List.of(Settings.ROOT),
                    "1.0",
                    false,
                    false,
                    null);
            assertThat(new HttpProbe(http).run(true)).isEqualTo(Result.failure("no complete answer within 0.5 s"));
        }
    }

    private static void drip(OutputStream out) throws Exception {
        for (int i = 0; i < 1000; i++) {
            out.write('x');
            Thread.sleep(50);
        }
    }

    @Test
    void urlsTakeTurnsAndTheFailingOneStays() throws Exception {
        boolean[] broken = {false};
        try (OddServer server = OddServer.that((in, out) -> {
            byte[] path = in.readNBytes("GET /1".length());
            boolean fails = broken[0] && path[5] == '2';
            out.write(((fails ? "HTTP/1.1 500 no\r\nWas: " : OK + "Was: ") + (char) path[5] + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        })) {
            HttpProbe probe = new HttpProbe(
                    Settings.http(server.port(), "1.1", Settings.url("/1"), Settings.url("/2"), Settings.url("/3")));
            assertThat(probe.successesNeeded()).isEqualTo(3);
            assertThat(probe.run(true).ok()).isTrue();
            broken[0] = true;
            assertThat(probe.run(true).reason()).isEqualTo("url /2: status 500, not 200-299");
            assertThat(probe.run(true).reason()).isEqualTo("url /2: status 500, not 200-299");
            broken[0] = false;
            assertThat(probe.run(false).ok()).isTrue();
            broken[0] = true;
            assertThat(probe.run(true).ok()).as("/3").isTrue();
            assertThat(probe.run(true).ok()).as("/1").isTrue();
            assertThat(probe.run(true).ok()).as("/2").isFalse();
        }
    }

    @Test
    void fastRecoveryAsksForAllAtOnce() throws Exception {
        try (OddServer server = OddServer.saying(OK + "\r\n")) {
            Http http = new Http(
                    Settings.TIMING,
                    Settings.target(server.port()),
                    false,
                    List.of(Settings.url("/1"), Settings.url("/2")),
                    "1.1",
                    false,
                    true,
                    null);
            HttpProbe probe = new HttpProbe(http);
            assertThat(probe.successesNeeded()).isEqualTo(1);
            assertThat(probe.run(false).ok()).isTrue();
            assertThat(server.said()).startsWith("GET /1 ");
            assertThat(server.said()).startsWith("GET /2 ");
        }
    }

    @Test
    void statusRangesAreNamed() throws Exception {
        Url url = new Url("/", List.of(new Range(200, 200), new Range(301, 302)), null, "www", null, false, 0, 0, -1);
        try (OddServer server = OddServer.saying("HTTP/1.1 404 x\r\n\r\n")) {
            assertThat(ask(server, url).reason()).isEqualTo("status 404, not 200 301-302");
            assertThat(server.said()).contains("\r\nHost: www\r\n");
        }
    }
}

package jdpvs.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher against a real socket. */
class LauncherTest {
    /** Fails when read: most commands must leave standard input alone. */
    private static final InputStream UNTOUCHED = new InputStream() {
        @Override
        public int read() {
            throw new AssertionError("standard input was read");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            throw new AssertionError("standard input was read");
        }
    };

    @TempDir
    private Path directory = Path.of("");

    private Path socket = Path.of("");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();

    @BeforeEach
    void place() {
        socket = directory.resolve("ipc");
    }

    private int run(InputStream in, String tool, String... words) {
        return Main.run(tool, words, socket.toString(), in, out, error);
    }

    @Test
    void wordsGoAndOutputComes() throws Exception {
        try (Daemon daemon = new Daemon(socket, out -> {
            Daemon.head(out);
            Daemon.frame(out, 1, "first\n");
            Daemon.frame(out, 2, "wrong “ä”\n");
            Daemon.frame(out, 1, "");
            Daemon.frame(out, 1, "second\n");
            Daemon.exit(out, 253);
        })) {
            assertThat(run(UNTOUCHED, "dpip", "a\"b", "c\\d", "ä\n", "")).isEqualTo(253);
            assertThat(daemon.requests.take())
                    .isEqualTo("{\"tool\":\"dpip\",\"words\":[\"a\\\"b\",\"c\\\\d\",\"\\u00e4\\u000a\",\"\"]}|");
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("first\nsecond\n");
        assertThat(error.toString(StandardCharsets.UTF_8)).isEqualTo("wrong “ä”\n");
    }

    @Test
    void onlyRestoringReadsStandardInput() throws Exception {
        String input = "-A -t 10.0.0.1:80\n".repeat(20_000);
        try (Daemon daemon = new Daemon(socket, out -> {
            Daemon.head(out);
            Daemon.exit(out, 0);
        })) {
            for (String[] words : List.of(new String[] {"-R"}, new String[] {"--restore"})) {
                assertThat(run(stream(input), "ipvsadm", words)).isZero();
                assertThat(daemon.requests.take())
                        .isEqualTo("{\"tool\":\"ipvsadm\",\"words\":[\"" + words[0] + "\"]}|" + input);
            }
            assertThat(run(stream(input), "ipvsadm-restore")).isZero();
            assertThat(daemon.requests.take()).endsWith("|" + input);
            assertThat(run(UNTOUCHED, "ipvsadm", "-ln")).isZero();
            assertThat(run(UNTOUCHED, "ipvsadm")).isZero();
            assertThat(run(UNTOUCHED, "dpip", "-R")).isZero();
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void muchStreamsThrough() throws Exception {
        byte[] frame = "x".repeat(16 << 10).getBytes(StandardCharsets.UTF_8);
        int frames = 4_000;
        try (Daemon daemon = new Daemon(socket, out -> {
            Daemon.head(out);
            for (int i = 0; i < frames; i++) {
                Daemon.frame(out, 1, frame);
            }
            Daemon.exit(out, 0);
        })) {
            AtomicLong bytes = new AtomicLong();
            OutputStream counted = new OutputStream() {
                @Override
                public void write(int b) {
                    bytes.incrementAndGet();
                }

                @Override
                public void write(byte[] b, int offset, int length) {
                    bytes.addAndGet(length);
                }
            };
            assertThat(Main.run("ipvsadm", new String[] {"-lnc"}, socket.toString(), UNTOUCHED, counted, error))
                    .isZero();
            assertThat(bytes).hasValue((long) frames * frame.length);
            assertThat(daemon.requests).hasSize(1);
        }
    }

    @Test
    void whenNobodyReadsTheDaemonNotices() throws Exception {
        byte[] frame = new byte[16 << 10];
        try (Daemon daemon = new Daemon(socket, out -> {
            Daemon.head(out);
            for (int i = 0; i < 1_000_000; i++) {
                Daemon.frame(out, 1, frame);
            }
        })) {
            OutputStream closed = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("Broken pipe");
                }
            };
            assertThat(Main.run("ipvsadm", new String[] {"-lnc"}, socket.toString(), UNTOUCHED, closed, error))
                    .isEqualTo(141);
            assertThat(daemon.ends.poll(20, TimeUnit.SECONDS)).startsWith("java.io.IOException");
        }
        assertThat(error.size()).isZero();
    }

    @Test
    void aDaemonThatVanishes() throws Exception {
        try (Daemon daemon = new Daemon(socket, out -> {
            Daemon.head(out);
            Daemon.frame(out, 1, "half");
        })) {
            assertThat(run(UNTOUCHED, "dpip", "addr")).isEqualTo(1);
            assertThat(daemon.requests).hasSize(1);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("half");
        assertThat(error.toString(StandardCharsets.UTF_8))
                .startsWith("dpip: the daemon closed the connection before the command ended");
    }

    @Test
    void answersThatAreNone() throws Exception {
        String[][] answers = {
            {"", "the daemon closed the connection before the command ended"},
            {"220 smtp\r\n", "what listens on the socket is not dpvs"},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "bad number: 'zz'"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n\u0009\0\0\0\u0001x", "malformed; is it of another version?"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\u0003\0\0\0\u0001", "before the command ended"},
            {"HTTP/1.1 200 OK\r\na: " + "b".repeat(20_000), "endless line"},
            {"HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nroot only", "the daemon answers 403: root only"},
        };
        int[] next = new int[1];
        try (Daemon daemon = new Daemon(socket, out -> Daemon.text(out, answers[next[0]++][0]))) {
            for (String[] row : answers) {
                error.reset();
                assertThat(run(UNTOUCHED, "dpip", "addr")).isEqualTo(1);
                assertThat(error.toString(StandardCharsets.UTF_8))
                        .startsWith("dpip: ")
                        .contains(row[1]);
            }
            assertThat(daemon.requests).hasSize(answers.length);
        }
    }

    @Test
    void withoutADaemonTheToolsSpeakForThemselves() {
        assertThat(run(UNTOUCHED, "dpip", "addr", "show")).isEqualTo(7);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("addr show\n");
        assertThat(error.toString(StandardCharsets.UTF_8)).isEqualTo("No such file or directory\n");
        error.reset();
        assertThat(run(UNTOUCHED, "nosuchtool")).isEqualTo(2);
        assertThat(error.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "nosuchtool: no running dpvs answers (No such file or directory) and its tools are not installed here\n");
    }

    @Test
    void aSocketPathThatIsTooLong() {
        socket = Path.of("/" + "x".repeat(300));
        assertThat(run(UNTOUCHED, "dpip", "addr")).isEqualTo(7);
        assertThat(error.toString(StandardCharsets.UTF_8)).contains("too long");
    }
}

package jdpvs.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a tool's command travels over {@code POST /v1/command}.
 *
 * <p>Request body: one line of JSON ({@link Request}), a line feed, then what the tool would read from its standard input. The answer is
 * 200 {@value #CONTENT_TYPE}, streamed (chunked): frames until the one that carries the exit code.
 *
 * <pre>
 *  0       1               5
 * +-------+---------------+----------------+
 * |channel| length        | length bytes   |   length: 32 bits, big-endian, ≤ {@value #LONGEST_FRAME}
 * +-------+---------------+----------------+
 *  channel 1 = standard output, 2 = standard error, 3 = exit code (length 1), the last frame
 * </pre>
 *
 * <p>A client that has seen enough closes its connection; the next frame then fails and the command ends.
 */
public final class CommandStream {
    public static final String CONTENT_TYPE = "application/x-jdpvs-command";
    /** Header of the answer with the daemon's version. */
    public static final String VERSION_HEADER = "Jdpvs-Version";

    public static final int OUT = 1;
    public static final int ERROR = 2;
    public static final int EXIT = 3;
    public static final int LONGEST_FRAME = 16 << 10;

    private static final int LONGEST_REQUEST_LINE = 4 << 20;

    private CommandStream() {}

    /**
     * @param version of the launcher, null = unknown
     * @param tool dpip, ipvsadm, dpvsctl, …
     */
    public record Request(@Nullable String version, String tool, List<String> words) {
        public Request {
            words = List.copyOf(words);
        }
    }

    /** Reads the line; the stream then stands at the first byte of the standard input. */
    public static Request readRequest(InputStream in) throws IOException {
        byte[] line = new byte[256];
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new ControlJson.JsonException("the request ends before its first line does");
            }
            if (length == LONGEST_REQUEST_LINE) {
                throw new ControlJson.JsonException("the command is longer than " + LONGEST_REQUEST_LINE + " bytes");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) b;
        }
        return ControlJson.read(Arrays.copyOf(line, length), Request.class);
    }

    /** Writes frames of one command; not for several threads. */
    public static final class Encoder {
        private final OutputStream sink;
        private final Channel out = new Channel(OUT);
        private final Channel error = new Channel(ERROR);

        public Encoder(OutputStream sink) {
            this.sink = sink;
        }

        /** Buffered; a flush sends a frame, an empty one when there is nothing to send: so it always finds out whether the client is still there. */
        public OutputStream out() {
            return out;
        }

        /** What was written to {@link #out} before goes first. */
        public OutputStream error() {
            return error;
        }

        /** Sends what is buffered and the exit code; the sink stays open. */
        public void exit(int code) throws IOException {
            out.send();
            error.send();
            sink.write(new byte[] {EXIT, 0, 0, 0, 1, (byte) code});
            sink.flush();
        }

        private final class Channel extends OutputStream {
            private final int channel;
            private final byte[] buffer = new byte[LONGEST_FRAME];
            private int length;

            Channel(int channel) {
                this.channel = channel;
            }

            @Override
            public void write(int b) throws IOException {
                if (length == buffer.length) {
                    send();
                }
                buffer[length++] = (byte) b;
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                int from = offset;
                int left = count;
                while (left > 0) {
                    if (length == buffer.length) {
                        send();
                    }
                    int n = Math.min(left, buffer.length - length);
                    System.arraycopy(bytes, from, buffer, length, n);
                    length += n;
                    from += n;
                    left -= n;
                }
            }

            @Override
            public void flush() throws IOException {
                if (length == 0) {
                    frame(0);
                } else {
                    send();
                }
                sink.flush();
            }

            private void send() throws IOException {
                if (channel == ERROR) {
                    out.send();
                }
                if (length > 0) {
                    int n = length;
                    length = 0;
                    frame(n);
                }
            }

            private void frame(int n) throws IOException {
                sink.write(
                        new byte[] {(byte) channel, (byte) (n >>> 24), (byte) (n >>> 16), (byte) (n >>> 8), (byte) n});
                sink.write(buffer, 0, n);
            }
        }
    }

    /** The request's bytes without standard input. */
    public static byte[] requestLine(Request request) {
        return (new String(ControlJson.write(request), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}

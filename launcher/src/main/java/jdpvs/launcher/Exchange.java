package jdpvs.launcher;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One command over HTTP/1.1 (RFC 9112): {@code POST /v1/command} with a line of JSON and, for some, the standard input in chunks; the answer's body is
 * a sequence of frames.
 *
 * <pre>
 * {"version":"0.1.0","tool":"dpip","words":["addr","show"]}⏎ standard input…
 *
 *  0       1               5
 * +-------+---------------+----------------+
 * |channel| length        | length bytes   |   length: 32 bits, big-endian
 * +-------+---------------+----------------+
 *  channel 1 = standard output, 2 = standard error, 3 = exit code (length 1), the last frame
 * </pre>
 */
final class Exchange {
    private static final int LONGEST_LINE = 16 << 10;
    private static final int LONGEST_REFUSAL = 64 << 10;

    private final SocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(32 << 10).limit(0);
    private boolean chunked;
    /** Of the body or of the chunk at hand; -1 = up to the end of the connection. */
    private long left = -1;

    private boolean anyChunk;

    Exchange(SocketChannel channel) {
        this.channel = channel;
    }

    /** Whoever read our output went away. */
    static final class NobodyReads extends IOException {
        private static final long serialVersionUID = 1L;

        NobodyReads(IOException cause) {
            super(cause);
        }
    }

    /** @param in null = the command reads none */
    void send(String tool, String[] words, String version, @Nullable InputStream in) throws IOException {
        byte[] line = requestLine(tool, words, version);
        String head =
                "POST /v1/command HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + (in == null ? "Content-Length: " + line.length : "Transfer-Encoding: chunked") + "\r\n\r\n";
        try {
            write(head.getBytes(StandardCharsets.US_ASCII));
            if (in == null) {
                write(line);
                return;
            }
            writeChunk(line, line.length);
        } catch (IOException e) {
            // A daemon may refuse before it has read all of our input: its answer says more than a broken pipe. If
            // there is none, receiving fails.
            channel.shutdownOutput();
            return;
        }
        // The answer may begin before the input has ended, and neither side may wait for the other.
        Thread sender = new Thread(new Sender(in));
        sender.setDaemon(true);
        sender.start();
    }

    /** Sends the command's input while its output is received. */
    private final class Sender implements Runnable {
        private final InputStream in;

        Sender(InputStream in) {
            this.in = in;
        }

        @Override
        public void run() {
            try {
                byte[] buffer = new byte[32 << 10];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (n > 0) {
                        writeChunk(buffer, n);
                    }
                }
                write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                try {
                    channel.shutdownOutput();
                } catch (IOException closed) {
                    // The receiving side learns of it.
                    return;
                }
            }
        }
    }

    /** Copies frames until the exit code. */
    int receive(OutputStream out, OutputStream error) throws IOException {
        int status = head();
        if (status != 200) {
            throw new IOException("the daemon answers " + status + ": " + refusal());
        }
        byte[] buffer = new byte[16 << 10];
        while (true) {
            int frame = bodyByte();
            int length = bodyByte() << 24 | bodyByte() << 16 | bodyByte() << 8 | bodyByte();
            if (frame == 3 && length == 1) {
                return bodyByte();
            }
            if ((frame != 1 && frame != 2) || length < 0) {
                throw new IOException("the daemon's answer is malformed; is it of another version?");
            }
            OutputStream target = frame == 1 ? out : error;
            for (int rest = length; rest > 0; ) {
                int n = body(buffer, Math.min(rest, buffer.length));
                if (n < 0) {
                    throw gone();
                }
                try {
                    target.write(buffer, 0, n);
                } catch (IOException e) {
                    throw new NobodyReads(e);
                }
                rest -= n;
            }
        }
    }

    static byte[] requestLine(String tool, String[] words, String version) {
        StringBuilder line = new StringBuilder(256).append('{');
        if (!version.isEmpty()) {
            quote(line.append("\"version\":"), version).append(',');
        }
        quote(line.append("\"tool\":"), tool).append(",\"words\":[");
        for (int i = 0; i < words.length; i++) {
            quote(i == 0 ? line : line.append(','), words[i]);
        }
        return line.append("]}\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** RFC 8259 §7; everything outside of printable ASCII as {@code \}{@code uXXXX}. */
    private static StringBuilder quote(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c >= ' ' && c < 127) {
                line.append(c);
            } else {
                line.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    line.append(Character.forDigit(c >> shift & 15, 16));
                }
            }
        }
        return line.append('"');
    }

    private void writeChunk(byte[] bytes, int length) throws IOException {
        write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        write(new byte[] {'\r', '\n'});
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Status line and headers. */
    private int head() throws IOException {
        String line;
        do {
            line = line();
            if (!line.startsWith("HTTP/1.") || line.length() < 12) {
                throw new IOException("what listens on the socket is not dpvs");
            }
            for (String header = line(); !header.isEmpty(); header = line()) {
                int colon = header.indexOf(':');
                String value = header.substring(colon + 1).strip();
                if (colon == 14 && header.regionMatches(true, 0, "Content-Length", 0, 14)) {
                    left = number(value, 10);
                } else if (colon == 17 && header.regionMatches(true, 0, "Transfer-Encoding", 0, 17)) {
                    chunked = value.equalsIgnoreCase("chunked");
                    left = 0;
                }
            }
        } while (line.startsWith("1", 9));
        return (int) number(line.substring(9, 12), 10);
    }

    private String refusal() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        for (int n = body(buffer, buffer.length);
                n >= 0 && text.size() < LONGEST_REFUSAL;
                n = body(buffer, buffer.length)) {
            text.write(buffer, 0, n);
        }
        return text.toString(StandardCharsets.UTF_8).strip();
    }

    private int bodyByte() throws IOException {
        byte[] one = new byte[1];
        if (body(one, 1) < 0) {
            throw gone();
        }
        return one[0] & 0xff;
    }

    /** At least one byte, or -1 at the body's end. */
    private int body(byte[] bytes, int count) throws IOException {
        if (left == 0) {
            if (!chunked || !nextChunk()) {
                return -1;
            }
        }
        if (!received.hasRemaining() && !fill()) {
            return -1;
        }
        int n = Math.min(count, received.remaining());
        if (left > 0) {
            n = (int) Math.min(n, left);
            left -= n;
        }
        received.get(bytes, 0, n);
        return n;
    }

    private boolean nextChunk() throws IOException {
        if (anyChunk) {
            line();
        }
        anyChunk = true;
        String size = line();
        int extension = size.indexOf(';');
        left = number(extension < 0 ? size : size.substring(0, extension).strip(), 16);
        chunked = left > 0;
        return chunked;
    }

    private static long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text, radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IOException("the daemon's answer has a bad number: '" + text + "'");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (received.hasRemaining() || fill()) {
            char c = (char) (received.get() & 0xff);
            if (c == '\n') {
                int end = line.length() - 1;
                if (end >= 0 && line.charAt(end) == '\r') {
                    line.setLength(end);
                }
                return line.toString();
            }
            if (line.length() == LONGEST_LINE) {
                throw new IOException("the daemon's answer has an endless line");
            }
            line.append(c);
        }
        throw gone();
    }

    private boolean fill() throws IOException {
        received.clear();
        int n;
        try {
            n = channel.read(received);
        } catch (IOException e) {
            received.limit(0);
            throw new IOException(
                    "the daemon closed the connection before the command ended (" + e.getMessage() + ")", e);
        }
        received.flip();
        return n > 0;
    }

    private static EOFException gone() {
        return new EOFException("the daemon closed the connection before the command ended");
    }
}

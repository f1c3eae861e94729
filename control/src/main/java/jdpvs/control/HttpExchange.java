package jdpvs.control;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, HTTP/1.1 (RFC 9112), on a connection of its own to a UNIX socket. The answer's body may come with a
 * length, in chunks, or end with the connection; everything is bounded, and a server that falls silent is given up.
 */
final class HttpExchange implements AutoCloseable {
    private static final int LONGEST_LINE = 16 << 10;
    private static final int MOST_HEADERS = 100;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final long silenceMillis;
    private final ByteBuffer received = ByteBuffer.allocate(32 << 10).flip();

    private int status;
    private InputStream body = InputStream.nullInputStream();

    private HttpExchange(SocketChannel channel, Duration silence) throws IOException {
        this.channel = channel;
        this.silenceMillis = Math.max(1, silence.toMillis());
        channel.configureBlocking(false);
        this.selector = Selector.open();
        this.key = channel.register(selector, SelectionKey.OP_READ);
    }

    /** @throws UnreachableException with the system's reason */
    static HttpExchange open(Path socket, Duration silence) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                throw new UnreachableException(e.getMessage() == null ? e.toString() : e.getMessage());
            }
            return new HttpExchange(channel, silence);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends the request and reads the answer's head. */
    void send(String method, String target, byte @Nullable [] content) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (content == null
                        ? ""
                        : "Content-Type: " + ControlPaths.JSON + "\r\nContent-Length: " + content.length + "\r\n")
                + "\r\n";
        IOException broken = null;
        try {
            write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            if (content != null) {
                write(ByteBuffer.wrap(content));
            }
        } catch (SilenceException e) {
            throw e;
        } catch (IOException e) {
            // A server may refuse before it has read everything; its answer says more than the broken pipe.
            broken = e;
        }
        try {
            readHead();
        } catch (EOFException e) {
            throw broken == null ? e : broken;
        }
    }

    /**
     * Sends the request with a body of any length, in chunks, and reads the answer's head; the answer may begin before the body has ended, so a thread of its
     * own sends the body until it ends or the exchange is closed.
     */
    void stream(String method, String target, InputStream content) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        Thread.ofVirtual().start(() -> pump(content));
        readHead();
    }

    private void pump(InputStream content) {
        byte[] bytes = new byte[32 << 10];
        try {
            for (int n = content.read(bytes); n >= 0; n = content.read(bytes)) {
                if (n > 0) {
                    pump(ByteBuffer.wrap((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.US_ASCII)));
                    pump(ByteBuffer.wrap(bytes, 0, n));
                    pump(ByteBuffer.wrap(new byte[] {'\r', '\n'}));
                }
            }
            pump(ByteBuffer.wrap("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            // Who reads the answer learns of it: a server without the rest of the body ends its answer.
            try {
                channel.shutdownOutput();
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** The selector belongs to the reading side. */
    private void pump(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    int status() {
        return status;
    }

    InputStream body() {
        return body;
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }

    private void readHead() throws IOException {
        do {
            String line = line();
            if (!line.startsWith("HTTP/1.") || line.length() < 12) {
                throw new IOException("what answers on the socket does not speak HTTP");
            }
            status = number(line.substring(9, 12), 10);
            readHeaders();
        } while (status / 100 == 1);
    }

    private void readHeaders() throws IOException {
        long length = -1;
        boolean chunked = false;
        int count = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || ++count > MOST_HEADERS) {
                throw new IOException("the daemon's answer has malformed headers");
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = number(value, 10);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                default -> {
                    // Nothing else changes how the body is read.
                }
            }
        }
        body = chunked ? new Chunks() : new Plain(length);
    }

    private static int number(String text, int radix) throws IOException {
        try {
            int number = Integer.parseInt(text, radix);
            if (number >= 0 && text.charAt(0) != '+') {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IOException("the daemon's answer has a bad number: '" + text + "'");
    }

    /** Without its CR LF. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            int b = next();
            if (b < 0) {
                throw new EOFException("the daemon closed the connection before its answer was complete");
            }
            if (b == '\n') {
                int end = line.length() - 1;
                if (end >= 0 && line.charAt(end) == '\r') {
                    line.setLength(end);
                }
                return line.toString();
            }
            if (line.length() == LONGEST_LINE) {
                throw new IOException("the daemon's answer has a header line that is too long");
            }
            line.append((char) b);
        }
    }

    private int next() throws IOException {
        return received.hasRemaining() || fill() ? received.get() & 0xff : -1;
    }

    /** False at the end of the stream. */
    private boolean fill() throws IOException {
        received.clear();
        try {
            int n = channel.read(received);
            while (n == 0) {
                await(SelectionKey.OP_READ);
                n = channel.read(received);
            }
            return n > 0;
        } finally {
            received.flip();
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    private void await(int operation) throws IOException {
        key.interestOps(operation);
        selector.selectedKeys().clear();
        if (selector.select(silenceMillis) == 0) {
            throw new SilenceException("the daemon did not answer within " + silenceMillis + " ms");
        }
    }

    private int take(byte[] bytes, int offset, int count) throws IOException {
        if (!received.hasRemaining() && !fill()) {
            return -1;
        }
        int n = Math.min(count, received.remaining());
        received.get(bytes, offset, n);
        return n;
    }

    private static final class SilenceException extends IOException {
        private static final long serialVersionUID = 1L;

        SilenceException(String sentence) {
            super(sentence);
        }
    }

    private abstract static class Body extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public abstract int read(byte[] bytes, int offset, int count) throws IOException;

        static EOFException cut() {
            return new EOFException("the daemon closed the connection before its answer was complete");
        }
    }

    /** A body of known length, or (-1) up to the end of the connection. */
    private final class Plain extends Body {
        private long left;

        Plain(long length) {
            this.left = length;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = take(bytes, offset, left < 0 ? count : (int) Math.min(count, left));
            if (n < 0 && left > 0) {
                throw cut();
            }
            left -= left < 0 || n < 0 ? 0 : n;
            return n;
        }
    }

    /** RFC 9112 §7.1: size in hex, CR LF, bytes, CR LF; size 0, trailers, empty line. */
    private final class Chunks extends Body {
        private int left;
        private boolean first = true;
        private boolean ended;

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (left == 0 && !ended) {
                open();
            }
            if (ended) {
                return -1;
            }
            int n = take(bytes, offset, Math.min(count, left));
            if (n < 0) {
                throw cut();
            }
            left -= n;
            return n;
        }

        private void open() throws IOException {
            if (!first && !line().isEmpty()) {
                throw new IOException("the daemon's answer has a malformed chunk");
            }
            first = false;
            String size = line();
            int extension = size.indexOf(';');
            left = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
            if (left == 0) {
                ended = true;
                int trailers = 0;
                while (!line().isEmpty()) {
                    if (++trailers > MOST_HEADERS) {
                        throw new IOException("the daemon's answer has too many trailers");
                    }
                }
            }
        }
    }
}

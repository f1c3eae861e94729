package jdpvs.launcher;

import java.io.BufferedInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A UNIX socket that answers commands by a script, and keeps what it was sent: {@code line|standard input}. */
final class Daemon implements AutoCloseable {
    interface Script {
        void answer(DataOutputStream out) throws IOException;
    }

    private final ServerSocketChannel listener;
    private final Thread thread;
    final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    /** How a script ended: empty or the exception. */
    final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

    Daemon(Path socket, Script script) throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        thread = Thread.ofPlatform().daemon().start(() -> serve(script));
    }

    private void serve(Script script) {
        while (listener.isOpen()) {
            try (SocketChannel channel = listener.accept()) {
                String end = "";
                try {
                    requests.add(request(new BufferedInputStream(Channels.newInputStream(channel))));
                    script.answer(new DataOutputStream(Channels.newOutputStream(channel)));
                } catch (IOException e) {
                    end = e.toString();
                }
                ends.add(end);
            } catch (IOException e) {
                // The test is over.
            }
        }
    }

    private static String request(InputStream in) throws IOException {
        if (!line(in).equals("POST /v1/command HTTP/1.1")) {
            throw new IOException("unexpected request");
        }
        int length = -1;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.startsWith("Content-Length: ")) {
                length = Integer.parseInt(header.substring(16));
            }
        }
        StringBuilder body = new StringBuilder();
        if (length >= 0) {
            body.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        } else {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
                line(in);
            }
        }
        return body.toString().replaceFirst("\n", "|");
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the launcher left");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    static void head(DataOutputStream out) throws IOException {
        text(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    static void text(DataOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One frame, its header and its bytes in chunks of their own. */
    static void frame(DataOutputStream out, int channel, byte[] bytes) throws IOException {
        text(out, "5\r\n");
        out.write(channel);
        out.writeInt(bytes.length);
        text(out, "\r\n");
        if (bytes.length > 0) {
            text(out, Integer.toHexString(bytes.length) + ";note=1\r\n");
            out.write(bytes);
            text(out, "\r\n");
        }
    }

    static void frame(DataOutputStream out, int channel, String text) throws IOException {
        frame(out, channel, text.getBytes(StandardCharsets.UTF_8));
    }

    static void exit(DataOutputStream out, int code) throws IOException {
        frame(out, 3, new byte[] {(byte) code});
        text(out, "0\r\n\r\n");
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package jdpvs.control;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A UNIX socket where each connection is one request with a length, answered by a script. */
final class ScriptedServer implements AutoCloseable {
    /** A request without its headers. */
    record Request(String method, String target, InputStream body) {}

    interface Script {
        void answer(Request request, OutputStream out) throws IOException;
    }

    private final ServerSocketChannel listener;
    private final Thread thread;
    final List<String> targets = new ArrayList<>();

    ScriptedServer(Path socket, Script script) throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        thread = Thread.ofPlatform().daemon().start(() -> serve(script));
    }

    private void serve(Script script) {
        while (listener.isOpen()) {
            try (SocketChannel channel = listener.accept()) {
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
                String[] first = line(in).split(" ", -1);
                int length = 0;
                for (String header = line(in); !header.isEmpty(); header = line(in)) {
                    if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(header.substring(15).strip());
                    }
                }
                Request request = new Request(first[0], first[1], new ByteArrayInputStream(in.readNBytes(length)));
                synchronized (targets) {
                    targets.add(request.target);
                }
                script.answer(request, Channels.newOutputStream(channel));
            } catch (IOException e) {
                // The client left, or the test is over.
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n' && b >= 0; b = in.read()) {
            line.append((char) b);
        }
        return line.toString().strip();
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
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

package jdpvs.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Servers that tell their client whom they see, and a client that compares that with what it is: roles of {@link Peer}. */
final class ClientNames {
    private static final int FETCHERS = 16;
    private static final int PATIENCE_MILLIS = 20_000;
    /** The last thing that looks like an endpoint in an answer. */
    private static final Pattern ENDPOINT = Pattern.compile("([0-9a-f.:]+:\\d+)\\s*$");

    private ClientNames() {}

    /** With a blocking socket. */
    static void serve(int port) throws IOException {
        try (var server = new ServerSocket(port, 1024)) {
            Peer.print("ready");
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read();
                    socket.getOutputStream().write(text((InetSocketAddress) socket.getRemoteSocketAddress()));
                }
            }
        }
    }

    /** With channels and a selector. */
    static void serveNio(int port) throws IOException {
        try (var selector = Selector.open();
                var server = ServerSocketChannel.open().bind(new InetSocketAddress(port), 1024)) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            Peer.print("ready");
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                        SocketChannel accepted = server.accept();
                        if (accepted != null) {
                            accepted.configureBlocking(false);
                            accepted.register(selector, SelectionKey.OP_READ);
                        }
                    } else {
                        try (SocketChannel channel = (SocketChannel) key.channel()) {
                            channel.read(ByteBuffer.allocate(1024));
                            channel.write(ByteBuffer.wrap(text((InetSocketAddress) channel.getRemoteAddress())));
                        }
                    }
                }
                selector.selectedKeys().clear();
            }
        }
    }

    private static byte[] text(InetSocketAddress client) {
        return (client.getAddress().getHostAddress() + ":" + client.getPort() + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Opens short connections, several at once, and prints a line for each: what the client calls itself, and what the server says it is ("-" without an answer). */
    static void ask(String host, int port, int number) throws IOException {
        var left = new AtomicInteger(number);
        askWhile(() -> left.getAndDecrement() > 0, host, port);
    }

    /** The same, for a minute at most. */
    static void askUntilEndOfInput(String host, int port) throws IOException {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        var ended = new AtomicBoolean();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                System.in.readAllBytes();
            } catch (IOException e) {
                Peer.print(e.toString());
            }
            ended.set(true);
        });
        askWhile(() -> !ended.get() && System.nanoTime() < end, host, port);
    }

    private static void askWhile(BooleanSupplier more, String host, int port) throws IOException {
        var target = new InetSocketAddress(InetAddress.getByName(host), port);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < FETCHERS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                while (more.getAsBoolean()) {
                    Peer.print(ask(target));
                }
            }));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        Peer.print("done");
    }

    private static String ask(InetSocketAddress target) {
        String self = "-";
        try (var socket = new Socket()) {
            socket.connect(target, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            self = socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher endpoint = ENDPOINT.matcher(answer);
            return self + " " + (endpoint.find() ? endpoint.group(1) : "-");
        } catch (IOException e) {
            return self + " - " + e.getMessage();
        }
    }
}

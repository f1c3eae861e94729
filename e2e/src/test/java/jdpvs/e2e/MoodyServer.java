package jdpvs.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A web server whose answers its input chooses: a role of {@link Peer}. An answer is a status, {@code 503}, and with {@code 200+400} one that comes 400 ms late. The line {@code PORT always ANSWER} holds
 * until the next one, {@code PORT next ANSWER...} are given once each before that. It prints {@code PORT connected}, and {@code PORT asked MILLISECONDS ANSWER} for a request.
 */
final class MoodyServer {
    private final int port;
    private final Queue<String> next = new ConcurrentLinkedQueue<>();
    private volatile String always = "200";

    /**
     * A request that it was asked.
     *
     * @param millis when it connected, by a clock of the server's
     */
    record Asked(long millis, String answer) {}

    private MoodyServer(int port) {
        this.port = port;
    }

    /** What a server that runs in a host was asked at a port. */
    static List<Asked> asked(Running server, int port) {
        return server.printed()
                .lines()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 4 && words[0].equals(Integer.toString(port)))
                .map(words -> new Asked(Long.parseLong(words[2]), words[3]))
                .toList();
    }

    static long connected(Running server, int port) {
        return server.printed().lines().filter((port + " connected")::equals).count();
    }

    static void serve(String... ports) throws IOException {
        Map<Integer, MoodyServer> servers = new HashMap<>();
        for (String word : ports) {
            MoodyServer server = new MoodyServer(Integer.parseInt(word));
            ServerSocket socket = new ServerSocket(server.port);
            servers.put(server.port, server);
            Thread.ofPlatform().daemon().start(() -> server.accept(socket));
        }
        Peer.print("ready");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ");
            Objects.requireNonNull(servers.get(Integer.parseInt(words[0]))).become(words);
        }
    }

    private void become(String[] words) {
        switch (words[1]) {
            case "always" -> always = words[2];
            case "next" -> next.addAll(Arrays.asList(words).subList(2, words.length));
            default -> throw new IllegalArgumentException(words[1]);
        }
    }

    private void accept(ServerSocket server) {
        try (server) {
            while (true) {
                Socket socket = server.accept();
                long millis = System.nanoTime() / 1_000_000;
                Thread.ofVirtual().start(() -> answer(socket, millis));
            }
        } catch (IOException e) {
            Peer.print(port + " ended: " + e);
        }
    }

    private void answer(Socket socket, long millis) {
        Peer.print(port + " connected");
        try (socket) {
            BufferedReader request =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            if (!isWhole(request)) {
                return;
            }
            String answer = Objects.requireNonNullElse(next.poll(), always);
            Peer.print(port + " asked " + millis + " " + answer);
            String[] parts = answer.split("\\+");
            if (parts.length > 1) {
                Await.pause(Duration.ofMillis(Long.parseLong(parts[1])));
            }
            socket.getOutputStream()
                    .write(("HTTP/1.0 " + parts[0] + " moody\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException _) {
            // Whoever asked is gone: it only wanted a connection, or it has waited long enough.
        }
    }

    private static boolean isWhole(BufferedReader request) throws IOException {
        String line = request.readLine();
        while (line != null && !line.isEmpty()) {
            line = request.readLine();
        }
        return line != null;
    }
}

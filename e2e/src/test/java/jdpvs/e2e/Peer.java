package jdpvs.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A client or server whose every move a test can see, run as a process of its own inside a host; it prints one line for each event. */
public final class Peer {
    private static final int ANSWER_TIMEOUT_MILLIS = 2000;
    private static final int FETCHERS = 16;

    /** A SYN that was lost or refused is repeated after 1 s. */
    private static final int SLOW_CONNECT_MILLIS = 900;

    private static final int LARGEST_DATAGRAM = 65_507;

    private Peer() {}

    public static void main(String[] words) throws IOException {
        switch (words[0]) {
            case "serve-udp" -> serveUdp(Integer.parseInt(words[1]), words[2]);
            case "ask-udp" -> askUdp(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "echo-udp" -> echoUdp(Integer.parseInt(words[1]));
            case "echo-large" ->
                echoLarge(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]), words[4].split(","));
            case "serve-tcp" -> serveTcp(Integer.parseInt(words[1]));
            case "hold-tcp" -> holdTcp(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "serve-moody" -> MoodyServer.serve(Arrays.copyOfRange(words, 1, words.length));
            case "serve-client" -> ClientNames.serve(Integer.parseInt(words[1]));
            case "serve-client-nio" -> ClientNames.serveNio(Integer.parseInt(words[1]));
            case "ask-client" -> ClientNames.ask(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "keep-asking-client" -> ClientNames.askUntilEndOfInput(words[1], Integer.parseInt(words[2]));
            case "fetch-tcp" -> fetchTcp(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** Answers each datagram with its name, the sender it saw, and the payload. */
    private static void serveUdp(int port, String name) throws IOException {
        try (var socket = new DatagramSocket(port)) {
            print("ready");
            var packet = new DatagramPacket(new byte[2048], 2048);
            while (true) {
                packet.setLength(2048);
                socket.receive(packet);
                String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                byte[] answer = "%s saw %s:%d say %s"
                        .formatted(name, packet.getAddress().getHostAddress(), packet.getPort(), text)
                        .getBytes(StandardCharsets.UTF_8);
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        }
    }

    /** Sends each question from a new port, three datagrams each, and prints the answers or "no answer". */
    private static void askUdp(String host, int port, int sockets) throws IOException {
        var target = new InetSocketAddress(InetAddress.getByName(host), port);
        for (int number = 0; number < sockets; number++) {
            try (var socket = new DatagramSocket()) {
                socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
                for (int round = 0; round < 3; round++) {
                    byte[] question = "question-%d-%d".formatted(number, round).getBytes(StandardCharsets.UTF_8);
                    socket.send(new DatagramPacket(question, question.length, target));
                    var packet = new DatagramPacket(new byte[2048], 2048);
                    socket.receive(packet);
                    print(packet.getAddress().getHostAddress() + " answers "
                            + new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
                }
            } catch (SocketTimeoutException e) {
                print("no answer");
            }
        }
        print("done");
    }

    /** Sends each datagram back as it is. */
    private static void echoUdp(int port) throws IOException {
        try (var socket = new DatagramSocket(port)) {
            print("ready");
            var packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
            while (true) {
                packet.setLength(LARGEST_DATAGRAM);
                socket.receive(packet);
                socket.send(packet);
            }
        }
    }

    /** Sends datagrams of random bytes, of each size from each of so many ports, to an echo; prints "intact N". */
    private static void echoLarge(String host, int port, int sockets, String[] sizes) throws IOException {
        var target = new InetSocketAddress(InetAddress.getByName(host), port);
        var random = new Random(1);
        int intact = 0;
        for (int number = 0; number < sockets; number++) {
            try (var socket = new DatagramSocket()) {
                socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
                for (String size : sizes) {
                    byte[] asked = new byte[Integer.parseInt(size)];
                    random.nextBytes(asked);
                    socket.send(new DatagramPacket(asked, asked.length, target));
                    var packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
                    socket.receive(packet);
                    intact += Arrays.equals(asked, Arrays.copyOf(packet.getData(), packet.getLength())) ? 1 : 0;
                }
            } catch (SocketTimeoutException e) {
                print("no answer");
            }
        }
        print("intact " + intact);
    }

    /** Accepts connections and sends back every byte; prints how each ends. */
    private static void serveTcp(int port) throws IOException {
        try (var server = new ServerSocket(port, 1024)) {
            print("ready");
            while (true) {
                Socket socket = server.accept();
                print("accepted " + socket.getPort());
                Thread.ofVirtual().start(() -> echo(socket));
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            InputStream input = socket.getInputStream();
            byte[] bytes = new byte[8192];
            for (int count = input.read(bytes); count >= 0; count = input.read(bytes)) {
                socket.getOutputStream().write(bytes, 0, count);
            }
            print("closed " + socket.getPort());
        } catch (SocketException e) {
            print("reset " + socket.getPort());
        } catch (IOException e) {
            print("failed " + socket.getPort() + " " + e);
        }
    }

    /** Opens connections, sends one byte on each and awaits it back, then for each line of input does so again on all; prints how each ends. */
    private static void holdTcp(String host, int port, int number) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int index = 0; index < number; index++) {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), ANSWER_TIMEOUT_MILLIS);
                sockets.add(socket);
            } catch (IOException e) {
                print("refused " + e.getMessage());
                socket.close();
            }
        }
        exchange(sockets);
        print("holding " + sockets.size());
        while (true) {
            int character = System.in.read();
            if (character < 0) {
                return;
            }
            if (character == '\n') {
                print("exchanged " + exchange(sockets));
            }
        }
    }

    /** Fetches a page over a new connection each time, which the server closes first; several at once. Prints how many came and how long connecting took. */
    private static void fetchTcp(String host, int port, int number) throws IOException {
        var target = new InetSocketAddress(InetAddress.getByName(host), port);
        var left = new AtomicInteger(number);
        var fetched = new AtomicInteger();
        var slow = new AtomicInteger();
        var slowestMillis = new AtomicLong();
        var threads = new ArrayList<Thread>();
        for (int index = 0; index < FETCHERS; index++) {
            threads.add(Thread.ofPlatform().start(() -> {
                while (left.getAndDecrement() > 0) {
                    long millis = fetch(target);
                    fetched.addAndGet(millis < 0 ? 0 : 1);
                    slow.addAndGet(millis > SLOW_CONNECT_MILLIS ? 1 : 0);
                    slowestMillis.accumulateAndGet(millis, Math::max);
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
        print("fetched %d, slow %d, slowest %d ms".formatted(fetched.get(), slow.get(), slowestMillis.get()));
        print("done");
    }

    /** @return milliseconds that connecting took; -1 when no page came */
    private static long fetch(InetSocketAddress target) {
        long began = System.nanoTime();
        try (var socket = new Socket()) {
            socket.connect(target, 10 * ANSWER_TIMEOUT_MILLIS);
            long millis = (System.nanoTime() - began) / 1_000_000;
            socket.setSoTimeout(10 * ANSWER_TIMEOUT_MILLIS);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String page = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return page.contains(" 200 OK") ? millis : -1;
        } catch (IOException e) {
            print("failed after %d ms: %s".formatted((System.nanoTime() - began) / 1_000_000, e.getMessage()));
            return -1;
        }
    }

    private static int exchange(List<Socket> sockets) {
        int good = 0;
        for (Socket socket : sockets) {
            try {
                socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
                socket.getOutputStream().write('x');
                if (socket.getInputStream().read() == 'x') {
                    good++;
                }
            } catch (IOException e) {
                print("lost " + socket.getLocalPort() + " " + e.getMessage());
            }
        }
        return good;
    }

    static void print(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}

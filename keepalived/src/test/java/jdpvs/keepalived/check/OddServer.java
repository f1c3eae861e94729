package jdpvs.keepalived.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A TCP server that does as a test says, each connection on a thread. */
final class OddServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Behaviour behaviour;
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    interface Behaviour {
        void serve(InputStream in, OutputStream out) throws Exception;
    }

    private OddServer(ServerSocket listener, Behaviour behaviour) {
        this.listener = listener;
        this.behaviour = behaviour;
    }

    static OddServer that(Behaviour behaviour) throws IOException {
        return on(new ServerSocket(0, 50, Settings.LOOPBACK), behaviour);
    }

    static OddServer on(ServerSocket listener, Behaviour behaviour) {
        OddServer server = new OddServer(listener, behaviour);
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    /** Says this and closes. */
    static OddServer saying(String answer) throws IOException {
        return that((in, out) -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What clients said from the end of the behaviour on, in the order in which they closed. */
    String said() throws InterruptedException {
        String said = requests.poll(20, TimeUnit.SECONDS);
        return said == null ? "nothing" : said;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            behaviour.serve(socket.getInputStream(), socket.getOutputStream());
            // An end, not a reset: that would take from the client what it has not read yet.
            socket.shutdownOutput();
            requests.add(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (Exception _) {
            // The client went away, which clients may do.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}

package jdpvs.keepalived.check;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.linux.EchoSocket;
import jdpvs.linux.Errno;
import jdpvs.linux.SystemCallException;
import org.jspecify.annotations.Nullable;

/** All checks' echo requests: one socket and one receiving thread for each way that packets can go out. A reply is known by 64 random bits in it. */
final class Pinger implements AutoCloseable {
    private static final int DATA_BYTES = 56;
    private static final int ENETUNREACH = 101;

    private final SecureRandom random = new SecureRandom();
    private final Map<Way, Line> lines = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();

    private record Way(
            boolean ipv6,
            @Nullable IpAddress source,
            @Nullable String networkInterface,
            int mark) {}

    /**
     * @return whether a reply came in time
     * @throws Reasons.Here when there is no socket for it
     * @throws SystemCallException when the kernel refuses to send
     */
    boolean ping(Target target, Duration time) throws IOException, InterruptedException {
        IpAddress destination = target.destination().address();
        Way way = new Way(destination.ipv6(), target.source(), target.sourceInterface(), target.mark());
        Line line = line(way);
        InetAddress to = Source.address(destination, target.sourceInterface());
        long token = random.nextLong();
        CompletableFuture<Boolean> reply = new CompletableFuture<>();
        waiting.put(token, reply);
        try {
            send(line, way, to, token);
            return reply.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            // After this host stood still a reply may be here that nobody has taken yet.
            Thread.sleep(Deadlines.GRACE_MILLIS);
            return reply.isDone();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            waiting.remove(token);
        }
    }

    /** Once more when the interface that the socket is bound to has gone: then there is another, or it is said that there is none. */
    private void send(Line line, Way way, InetAddress to, long token) throws IOException {
        try {
            line.send(to, token);
        } catch (SystemCallException e) {
            if (e.errno() == ENETUNREACH && way.source != null) {
                // From an address that has gone no network can be reached. If that is not it, the socket is good for
                // others, who may wait for replies by it.
                open(way).close();
            }
            if (!line.ended()) {
                throw e;
            }
            line(way).send(to, token);
        }
    }

    private Line line(Way way) throws IOException {
        Line line = lines.get(way);
        if (line != null) {
            return line;
        }
        synchronized (lines) {
            line = lines.get(way);
            if (line == null) {
                line = new Line(open(way));
                lines.put(way, line);
                Thread.ofPlatform().daemon().name("echo replies").start(line::receive);
            }
            return line;
        }
    }

    private static EchoSocket open(Way way) throws Reasons.Here {
        try {
            return EchoSocket.open(
                    way.ipv6,
                    way.source == null ? null : Source.address(way.source, way.networkInterface),
                    way.networkInterface,
                    way.mark);
        } catch (IOException e) {
            throw new Reasons.Here(String.valueOf(e.getMessage()));
        } catch (SystemCallException e) {
            throw new Reasons.Here(e.call() + ": " + e.reason());
        }
    }

    /** Its receiving threads end within a second. */
    @Override
    public void close() {
        lines.values().forEach(Line::end);
        lines.clear();
    }

    /** A socket, closed by its receiving thread alone: the number of a closed one may be somebody else's next. */
    private final class Line {
        private final EchoSocket socket;
        private boolean ended;
        private short sequence;

        Line(EchoSocket socket) {
            this.socket = socket;
        }

        /** An interface that was deleted and made again is another one to the kernel, and its old sockets of no more use. */
        synchronized void send(InetAddress to, long token) throws IOException {
            if (ended) {
                throw new IOException("the socket for echo requests was closed");
            }
            try {
                byte[] data = ByteBuffer.allocate(DATA_BYTES).putLong(token).array();
                socket.send(to, (int) token, sequence++, data);
            } catch (SystemCallException e) {
                if (e.errno() == Errno.ENODEV) {
                    lines.values().remove(this);
                    ended = true;
                }
                throw e;
            }
        }

        synchronized void end() {
            ended = true;
        }

        private synchronized boolean ended() {
            return ended;
        }

        private synchronized void closeSocket() {
            ended = true;
            socket.close();
        }

        void receive() {
            try {
                while (!ended()) {
                    byte[] data = socket.receive();
                    if (data != null && data.length >= Long.BYTES) {
                        CompletableFuture<Boolean> reply =
                                waiting.get(ByteBuffer.wrap(data).getLong());
                        if (reply != null) {
                            reply.complete(true);
                        }
                    }
                }
            } catch (SystemCallException _) {
                // Whoever waits hears nothing, and the next request opens another.
            } finally {
                lines.values().remove(this);
                closeSocket();
            }
        }
    }
}

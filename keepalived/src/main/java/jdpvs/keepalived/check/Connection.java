package jdpvs.keepalived.check;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import jdpvs.keepalived.check.Deadlines.Deadline;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.linux.Sockets;
import jdpvs.linux.SystemCallException;
import org.jspecify.annotations.Nullable;

/** A TCP connection to a real server, in phases of which each has the same time: when it is over, the connection is closed, and whoever waits at it fails. */
final class Connection implements AutoCloseable {
    private static final int BUFFER_BYTES = 2048;

    private final SocketChannel channel;
    private final Duration time;
    private Deadline deadline;
    private String late;
    private @Nullable SSLSocket secured;
    private InputStream input;
    private OutputStream output;

    private Connection(SocketChannel channel, Duration time) {
        this.channel = channel;
        this.time = time;
        this.late = Reasons.noAnswer(time);
        this.deadline = Deadlines.in(time, channel);
        this.input = InputStream.nullInputStream();
        this.output = OutputStream.nullOutputStream();
    }

    /** What is done with a connection. */
    interface Talk {
        Result with(Connection connection) throws IOException, InterruptedException;
    }

    /**
     * Connects, talks, closes; what goes wrong is the result's reason.
     *
     * @param time each phase may take
     */
    static Result talk(Target target, Duration time, Talk talk) throws InterruptedException {
        SocketChannel channel;
        int descriptor;
        try {
            descriptor = Source.nextDescriptor(target);
            channel = SocketChannel.open(Source.family(target));
        } catch (IOException e) {
            // No descriptor or no memory left.
            return Reasons.undecided(e);
        } catch (SystemCallException e) {
            return Reasons.undecided(e);
        }
        try (channel) {
            try {
                Source.apply(channel, Sockets.SOCK_STREAM, target, descriptor);
                if (Source.isChosen(target)) {
                    // A port of its own would be taken for a minute otherwise: the next attempt would fail, or
                    // thousands
                    // of checks would have none left.
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                }
            } catch (IOException e) {
                return Reasons.undecided(e);
            } catch (SystemCallException e) {
                return Reasons.undecided(e);
            }
            return talk(channel, target, time, talk);
        } catch (IOException e) {
            return Reasons.failure(e);
        }
    }

    private static Result talk(SocketChannel channel, Target target, Duration time, Talk talk)
            throws IOException, InterruptedException {
        try (Connection connection = new Connection(channel, time)) {
            try {
                connection.connect(target);
                return talk.with(connection);
            } catch (IOException e) {
                if (!(e instanceof Reasons.Here) && connection.deadline.passed()) {
                    return Result.failure(connection.late);
                }
                throw e;
            }
        }
    }

    private void connect(Target target) throws IOException {
        channel.connect(Source.destination(target));
        input = new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES);
        output = Channels.newOutputStream(channel);
    }

    /**
     * The next phase begins.
     *
     * @param late what to say when it is not over in time
     */
    void phase(String late) {
        deadline.close();
        this.late = late + " within " + Reasons.seconds(time);
        deadline = Deadlines.in(time, channel);
    }

    /** @param serverName null = none is sent */
    void secure(@Nullable String serverName) throws IOException {
        phase("no TLS handshake");
        SSLSocket socket = TlsClient.handshake(channel.socket(), serverName);
        secured = socket;
        input = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        output = socket.getOutputStream();
    }

    InputStream input() {
        return input;
    }

    void send(byte[] bytes) throws IOException {
        output.write(bytes);
        output.flush();
    }

    /** Nanoseconds that the phase still has. */
    long remaining() {
        return deadline.remaining();
    }

    /** Gives the connection up in the middle of an answer: the server need not send the rest. */
    void abort() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void close() throws IOException {
        try {
            SSLSocket socket = secured;
            if (socket != null && channel.isOpen()) {
                socket.close();
            }
        } catch (IOException _) {
            // The farewell of TLS did not get through; nothing depends on it.
        } finally {
            channel.close();
            deadline.close();
        }
    }
}

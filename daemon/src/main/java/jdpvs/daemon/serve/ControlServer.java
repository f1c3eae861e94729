package jdpvs.daemon.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import jdpvs.control.Control;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control API on a UNIX socket. The sockets' events have a few platform threads; each request runs on a virtual thread of its own, so
 * that one that waits (a slow reader of a long listing) holds nobody up.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("CTRL");
    private static final long STOP_MILLIS = 500;

    private final Server server;
    private final Path socket;

    private ControlServer(Server server, Path socket) {
        this.server = server;
        this.socket = socket;
    }

    /**
     * Answers on the socket, which root alone may use. A request that comes before there is anything to control waits in {@code control}.
     *
     * @throws IOException with one sentence when the socket cannot be had
     */
    public static ControlServer start(Path socket, Supplier<Control> control) throws IOException {
        SocketFile.claim(socket);
        QueuedThreadPool threads = new QueuedThreadPool(8, 3);
        threads.setName("control");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("request-", 0).factory()));
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(8 << 10);
        UnixDomainServerConnector connector =
                new UnixDomainServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setUnixDomainPath(socket);
        connector.setAcceptQueueSize(128);
        connector.setIdleTimeout(60_000);
        server.addConnector(connector);
        server.setHandler(new RequestHandler(control));
        server.setStopTimeout(STOP_MILLIS);
        ControlServer started = new ControlServer(server, socket);
        try {
            server.start();
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (Exception e) {
            started.close();
            throw new IOException("cannot open control socket " + socket + ": " + e.getMessage(), e);
        }
        return started;
    }

    /** Answers nobody any more; the socket file goes. */
    @Override
    public void close() {
        try {
            server.stop();
            Files.deleteIfExists(socket);
        } catch (Exception e) {
            LOG.warn("closing control socket {}: {}", socket, e.getMessage());
        }
    }
}

package jdpvs.daemon.serve;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure that a control socket's name is free before it is bound. */
public final class SocketFile {
    private static final Logger LOG = LoggerFactory.getLogger("CTRL");

    /** sun_path of unix(7), less the final zero. */
    private static final int LONGEST_NAME = 107;

    private SocketFile() {}

    /**
     * Removes what a dead instance left.
     *
     * @throws IOException with one sentence when another instance answers there, or the name cannot be used
     */
    public static void claim(Path socket) throws IOException {
        if (socket.toString().length() > LONGEST_NAME) {
            throw new IOException("control socket " + socket + " has a name longer than " + LONGEST_NAME
                    + " bytes, give a shorter one with -x");
        }
        Path directory = socket.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("control socket " + socket + ": its directory does not exist");
        }
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.isRegularFile(socket, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(socket)) {
            throw new IOException("control socket " + socket
                    + ": there is something that is no socket, move it away or choose another name with -x");
        }
        if (answers(socket)) {
            throw new IOException("dpvs is already running: another instance answers on control socket " + socket
                    + ", choose another with -x");
        }
        LOG.warn("removing stale control socket {}", socket);
        Files.deleteIfExists(socket);
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}

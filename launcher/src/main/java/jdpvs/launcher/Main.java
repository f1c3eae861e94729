package jdpvs.launcher;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.module.ModuleDescriptor;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;

/**
 * {@code Main TOOL words…}: sends the words of a command to the daemon and streams its answer back. Started for every command, so it loads as little as it can:
 * no lambdas, no formatting, no regular expressions.
 */
public final class Main {
    private static final String DEFAULT_SOCKET = "/var/run/dpvs.ipc";
    private static final String SOCKET_VARIABLE = "DPVS_IPC_FILE";

    private Main() {}

    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            System.err.println("usage: jdpvs.launcher.Main TOOL words…");
            Runtime.getRuntime().halt(2);
            return;
        }
        String chosen = System.getenv(SOCKET_VARIABLE);
        String socket = chosen == null || chosen.isEmpty() ? DEFAULT_SOCKET : chosen;
        String[] words = Arrays.copyOfRange(arguments, 1, arguments.length);
        int code = run(
                arguments[0],
                words,
                socket,
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err));
        // Nothing of ours runs at shutdown; halt saves some milliseconds.
        Runtime.getRuntime().halt(code);
    }

    /** @return the exit code */
    static int run(String tool, String[] words, String socket, InputStream in, OutputStream out, OutputStream error) {
        SocketChannel channel;
        try {
            channel = connect(socket);
        } catch (IOException e) {
            String reason = e.getMessage();
            return Offline.run(tool, words, reason == null ? e.toString() : reason, out, error);
        }
        try (channel) {
            Exchange exchange = new Exchange(channel);
            exchange.send(tool, words, version(), readsInput(tool, words) ? in : null);
            return exchange.receive(out, error);
        } catch (Exchange.NobodyReads e) {
            // As a C program ends by SIGPIPE.
            return 141;
        } catch (IOException e) {
            new PrintStream(error, true, StandardCharsets.UTF_8).print(tool + ": " + e.getMessage() + "\n");
            return 1;
        }
    }

    private static SocketChannel connect(String socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (InvalidPathException | UnsupportedOperationException e) {
            channel.close();
            throw new IOException("'" + socket + "' is not a path", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Standard input is sent only to the commands that read it: others must not wait for a terminal. */
    private static boolean readsInput(String tool, String[] words) {
        return tool.equals("ipvsadm-restore")
                || (tool.equals("ipvsadm")
                        && words.length > 0
                        && (words[0].equals("-R") || words[0].equals("--restore")));
    }

    private static String version() {
        ModuleDescriptor module = Main.class.getModule().getDescriptor();
        return module == null ? "" : module.rawVersion().orElse("");
    }
}

package jdpvs.launcher;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
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
import org.jspecify.annotations.Nullable;

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
        String captured = CaptureFile.named(tool, words);
        CaptureFile file = captured == null ? null : new CaptureFile(captured);
        try (channel) {
            InputStream input = input(tool, words, in);
            Exchange exchange = new Exchange(channel);
            exchange.send(tool, words, version(), input);
            int code = exchange.receive(file == null ? out : file, error);
            if (file != null) {
                file.close();
            }
            return code;
        } catch (Exchange.NobodyReads e) {
            if (file != null && e.getCause() instanceof IOException reason) {
                say(error, tool, file.complaint(reason));
                return 1;
            }
            // As a C program ends by SIGPIPE.
            return 141;
        } catch (IOException e) {
            say(error, tool, e.getMessage());
            return 1;
        }
    }

    private static void say(OutputStream error, String tool, @Nullable String sentence) {
        new PrintStream(error, true, StandardCharsets.UTF_8).print(tool + ": " + sentence + "\n");
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

    /** What the command reads, or null. A file that is to be explained is opened here, by the user's working directory, and sent as the command's input. */
    private static @Nullable InputStream input(String tool, String[] words, InputStream in) throws IOException {
        if (readsInput(tool, words)) {
            return in;
        }
        if (runsUntilInterrupted(tool, words)) {
            Interruption interruption = new Interruption();
            interruption.await();
            return interruption;
        }
        String file = explained(tool, words);
        if (file == null) {
            return null;
        }
        if (file.equals("-")) {
            return in;
        }
        try {
            return new FileInputStream(file);
        } catch (FileNotFoundException e) {
            // Its message has the name and the system's reason.
            throw new IOException("cannot read " + e.getMessage(), e);
        }
    }

    /** Whether the command ends when its input does, which is when the user interrupts it. */
    private static boolean runsUntilInterrupted(String tool, String[] words) {
        if (!tool.equals("dpvsctl") || words.length == 0) {
            return false;
        }
        return words[0].equals("capture") || (words[0].equals("trace") && contains(words, "--live"));
    }

    private static boolean contains(String[] words, String wanted) {
        for (String word : words) {
            if (word.equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** The first operand of {@code dpvsctl explain}, whose options take no values of their own; null = another command. */
    private static @Nullable String explained(String tool, String[] words) {
        if (!tool.equals("dpvsctl") || words.length == 0 || !words[0].equals("explain")) {
            return null;
        }
        boolean options = true;
        for (int i = 1; i < words.length; i++) {
            if (options && words[i].equals("--")) {
                options = false;
            } else if (!options || words[i].equals("-") || !words[i].startsWith("-")) {
                return words[i];
            }
        }
        return null;
    }

    private static String version() {
        ModuleDescriptor module = Main.class.getModule().getDescriptor();
        return module == null ? "" : module.rawVersion().orElse("");
    }
}

package jdpvs.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import jdpvs.control.CommandStream;
import jdpvs.control.Control;
import org.jspecify.annotations.Nullable;

/** The daemon's half of {@link CommandStream}: runs the command of a request and streams what it prints. */
public final class CommandService {
    private CommandService() {}

    /**
     * Answers one request; the response stream is the body of a 200 answer and stays open.
     *
     * @param audit is told the request before it runs
     * @throws jdpvs.control.ControlJson.JsonException when the request is malformed; nothing was written then
     * @throws IOException when the client is gone
     */
    public static void serve(
            InputStream request, OutputStream response, Control control, Consumer<CommandStream.Request> audit)
            throws IOException {
        CommandStream.Request command = CommandStream.readRequest(request);
        audit.accept(command);
        CommandStream.Encoder encoder = new CommandStream.Encoder(response);
        PrintWriter out = writer(encoder.out());
        PrintWriter error = writer(encoder.error());
        warnOfVersions(command.version(), command.tool(), error);
        int code = run(command, new Console(request, encoder.out(), out, error, control));
        // What was printed comes before what was wrong with it.
        out.flush();
        error.flush();
        encoder.exit(code);
    }

    private static int run(CommandStream.Request command, Console console) {
        Tool tool = Tools.named(command.tool());
        if (tool == null) {
            console.error().print("dpvs: there is no tool '" + command.tool() + "'\n");
            return 1;
        }
        return tool.run(command.words(), console);
    }

    private static void warnOfVersions(@Nullable String launcher, String tool, PrintWriter error) {
        if (launcher != null && !launcher.equals(Version.own())) {
            error.print(tool + ": warning: this tool is of jdpvs " + launcher + ", the running daemon of "
                    + Version.own() + "; restart dpvs or call the tool of its version\n");
        }
    }

    private static PrintWriter writer(OutputStream channel) {
        return new PrintWriter(new OutputStreamWriter(channel, StandardCharsets.UTF_8), false);
    }
}

package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import jdpvs.command.Columns;
import jdpvs.command.Console;
import jdpvs.control.ControlJson;
import jdpvs.control.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code dpvsctl conns}: connections by filter, streamed. */
@Command(
        name = "conns",
        description = "Connections, all or those that every given filter lets through.",
        mixinStandardHelpOptions = true)
final class ConnectionsCommand implements Callable<Integer> {
    private static final int LOOK_AFTER_LINES = 256;
    private static final List<String> TITLES =
            List.of("worker", "proto", "timeout", "state", "client", "vip", "local", "server");
    private static final int[] WIDTHS = {6, 6, 7, 11, 21, 21, 21, 0};

    private final Console console;

    @Option(
            names = "--client",
            paramLabel = "ADDR[/PLEN][:PORT]",
            description = "From this client.",
            converter = ToFilter.class)
    private EndpointFilter client = EndpointFilter.ALL;

    @Option(
            names = "--vip",
            paramLabel = "ADDR[/PLEN][:PORT]",
            description = "To this service.",
            converter = ToFilter.class)
    private EndpointFilter vip = EndpointFilter.ALL;

    @Option(
            names = "--local",
            paramLabel = "ADDR[/PLEN][:PORT]",
            description = "By this local address.",
            converter = ToFilter.class)
    private EndpointFilter local = EndpointFilter.ALL;

    @Option(
            names = "--server",
            paramLabel = "ADDR[/PLEN][:PORT]",
            description = "With this server.",
            converter = ToFilter.class)
    private EndpointFilter server = EndpointFilter.ALL;

    @Option(names = "--state", paramLabel = "STATE", description = "In this state, for example TCP_EST.")
    private String state = "";

    @Option(names = "--count", description = "Only how many.")
    private boolean count;

    @Option(names = "--json", description = "Print JSON, one connection a line.")
    private boolean json;

    private final StringBuilder text = new StringBuilder(256);
    private long matched;

    ConnectionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Predicate<Views.Connection> wanted = c -> client.passes(c.client())
                && vip.passes(c.virtual())
                && local.passes(c.local())
                && server.passes(c.server())
                && (state.isEmpty() || state.equalsIgnoreCase(c.state()));
        if (!count && !json) {
            row(TITLES);
        }
        console.control().connections(c -> !wanted.test(c) || show(c));
        if (count) {
            console.out().print(json ? "{\"count\":" + matched + "}\n" : matched + "\n");
        }
        return 0;
    }

    private boolean show(Views.Connection c) {
        matched++;
        if (count) {
            return true;
        }
        if (json) {
            console.out().print(new String(ControlJson.write(c), StandardCharsets.UTF_8) + "\n");
        } else {
            row(List.of(
                    Integer.toString(c.core()),
                    c.protocol(),
                    c.timeoutSeconds() + "s",
                    c.state(),
                    c.client().toString(),
                    c.virtual().toString(),
                    c.local().toString(),
                    c.server().toString()));
        }
        return matched % LOOK_AFTER_LINES != 0 || !console.out().checkError();
    }

    private void row(List<String> cells) {
        text.setLength(0);
        for (int i = 0; i < WIDTHS.length; i++) {
            Columns.left(text.append(i == 0 ? "" : "  "), cells.get(i), WIDTHS[i]);
        }
        console.out().append(text.append('\n'));
    }

    static final class ToFilter implements ITypeConverter<EndpointFilter> {
        @Override
        public EndpointFilter convert(String word) {
            try {
                return EndpointFilter.parse(word);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}

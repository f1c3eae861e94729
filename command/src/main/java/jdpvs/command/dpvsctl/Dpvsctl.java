package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.util.List;
import jdpvs.command.Console;
import jdpvs.command.Tool;
import jdpvs.command.Version;
import jdpvs.control.UnreachableException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code dpvsctl status | drops | conns | ports | bonds | ha | health | trace | explain | capture}. */
public final class Dpvsctl implements Tool {
    @Override
    public int run(List<String> words, Console console) {
        CommandLine line = new CommandLine(new Top(console), new Factory());
        line.addSubcommand(new StatusCommand(console));
        line.addSubcommand(new DropsCommand(console));
        line.addSubcommand(new ConnectionsCommand(console));
        line.addSubcommand(new PortsCommand(console));
        line.addSubcommand(new BondsCommand(console));
        line.addSubcommand(new HaCommand(console));
        line.addSubcommand(new HealthCommand(console));
        line.addSubcommand(new TraceCommand(console));
        line.addSubcommand(new ExplainCommand(console));
        line.addSubcommand(new CaptureCommand(console));
        line.addSubcommand(new CommandLine.HelpCommand());
        line.getCommandSpec().version("dpvsctl of jdpvs " + Version.own());
        line.setOut(console.out());
        line.setErr(console.error());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        line.setExpandAtFiles(false);
        line.setExecutionExceptionHandler((failure, command, result) -> {
            if (failure instanceof UnreachableException unreachable) {
                console.error().print("dpvsctl: " + failure.getMessage() + ": " + unreachable.wayOut() + "\n");
                return 1;
            }
            if (failure instanceof IOException) {
                console.error().print("dpvsctl: " + failure.getMessage() + "\n");
                return 1;
            }
            throw failure;
        });
        return line.execute(words.toArray(new String[0]));
    }

    /** Without a subcommand: usage. */
    @Command(
            name = "dpvsctl",
            description = "Shows what a running dpvs does.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel =
                    "(status | drops | conns | ports | bonds | ha | health | trace | explain | capture)")
    static final class Top implements Runnable {
        private final Console console;

        @CommandLine.Spec
        private CommandLine.Model.@Nullable CommandSpec spec;

        Top(Console console) {
            this.console = console;
        }

        @Override
        public void run() {
            if (spec != null) {
                throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand");
            }
            console.error().print("Missing subcommand\n");
        }
    }

    /** Makes nothing but what picocli itself brings. */
    private static final class Factory implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            return CommandLine.defaultFactory().create(type);
        }
    }
}

package jdpvs.toa;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import jdpvs.toa.program.Maps;
import jdpvs.toa.program.Prefix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toa trust add | del | list}. */
@Command(
        name = "trust",
        description = "Whose options are believed.",
        synopsisSubcommandLabel = "(add | del | list)",
        mixinStandardHelpOptions = true)
final class TrustCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private TrustCommand() {}

    static CommandLine line() {
        return new CommandLine(new TrustCommand())
                .addSubcommand(new Add())
                .addSubcommand(new Delete())
                .addSubcommand(new ListAll());
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), "What shall be done?");
    }

    @Command(name = "add", description = "Believes more balancers.", mixinStandardHelpOptions = true)
    static final class Add extends AgentCommand {
        @Parameters(arity = "1..*", split = ",", paramLabel = "PREFIX")
        private List<Prefix> prefixes = List.of();

        @Override
        int run(Agent agent, Path pins, PrintWriter out) throws AgentException {
            try (Maps maps = agent.maps()) {
                Agent.trust(maps, prefixes);
            }
            return 0;
        }
    }

    @Command(
            name = "del",
            description = "Believes them no more; connections keep what is known of them.",
            mixinStandardHelpOptions = true)
    static final class Delete extends AgentCommand {
        @Parameters(arity = "1..*", split = ",", paramLabel = "PREFIX")
        private List<Prefix> prefixes = List.of();

        @Override
        int run(Agent agent, Path pins, PrintWriter out) throws AgentException {
            try (Maps maps = agent.maps()) {
                List<Prefix> trusted = maps.trusted();
                for (Prefix prefix : prefixes) {
                    if (!trusted.contains(prefix)) {
                        throw new AgentException(prefix + " is not trusted; trusted: " + Main.text(trusted));
                    }
                }
                prefixes.forEach(maps::distrust);
            }
            return 0;
        }
    }

    @Command(name = "list", description = "A line each.", mixinStandardHelpOptions = true)
    static final class ListAll extends AgentCommand {
        @Override
        int run(Agent agent, Path pins, PrintWriter out) throws AgentException {
            try (Maps maps = agent.maps()) {
                maps.trusted().forEach(out::println);
            }
            return 0;
        }
    }
}

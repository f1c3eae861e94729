package jdpvs.toa;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdpvs.linux.SystemCallException;
import jdpvs.toa.program.Counter;
import jdpvs.toa.program.Maps;
import jdpvs.toa.program.Prefix;
import jdpvs.toa.program.Programs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code toa load | status | stats | trust | unload}: exit code 0 done, 1 could not, 2 wrong words. */
@Command(
        name = "toa",
        description = "Lets the applications of a real server see the client's address behind a full-NAT balancer.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(load | status | stats | trust | unload)",
        subcommands = CommandLine.HelpCommand.class)
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private Main() {}

    public static void main(String[] words) {
        System.exit(run(words, writer(System.out), writer(System.err)));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    static int run(String[] words, PrintWriter out, PrintWriter error) {
        CommandLine line = new CommandLine(new Main());
        line.addSubcommand(new Load());
        line.addSubcommand(new Status());
        line.addSubcommand(new Stats());
        line.addSubcommand(TrustCommand.line());
        line.addSubcommand(new Unload());
        line.getCommandSpec().version("toa of jdpvs " + version());
        line.registerConverter(Prefix.class, Main::prefix);
        line.setOut(out);
        line.setErr(error);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        line.setExpandAtFiles(false);
        line.setExecutionExceptionHandler((failure, command, result) -> {
            if (failure instanceof AgentException || failure instanceof SystemCallException) {
                error.println("toa: " + failure.getMessage());
                return 1;
            }
            throw failure;
        });
        return line.execute(words);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), "What shall be done?");
    }

    static String version() {
        return Optional.ofNullable(Main.class.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .orElse("0.1.0");
    }

    private static Prefix prefix(String text) {
        try {
            return Prefix.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(e.getMessage());
        }
    }

    static String text(List<Prefix> prefixes) {
        return prefixes.isEmpty()
                ? "nobody"
                : prefixes.stream().map(Prefix::toString).collect(Collectors.joining(", "));
    }

    private static String yesNo(boolean value) {
        return value ? "yes" : "no";
    }

    @Command(
            name = "load",
            description = "Attaches the programs and pins them; once more replaces them in place.",
            mixinStandardHelpOptions = true)
    static final class Load extends AgentCommand {
        @Option(
                names = "--trust",
                split = ",",
                paramLabel = "PREFIX",
                description = "local addresses of balancers, whose options are believed")
        private List<Prefix> trust = List.of();

        @Option(
                names = "--cgroup",
                paramLabel = "DIR",
                description = "the control group of the servers (default: all, the root of cgroup2)")
        private @Nullable Path controlGroup;

        @Override
        int run(Agent agent, Path pins, PrintWriter out) throws AgentException {
            var done = agent.load(
                    Optional.ofNullable(controlGroup)
                            .map(path -> path.toAbsolutePath().normalize()),
                    trust);
            out.println((done.upgraded() ? "upgraded on " : "loaded on ")
                    + done.record().controlGroup() + ", pinned in " + pins + ", MPTCP "
                    + yesNo(done.record().mptcp()) + ", trusting " + text(done.trusted()));
            return 0;
        }
    }

    @Command(
            name = "status",
            description = "What is loaded; exit code 1 when nothing is, or when it is attached no more.",
            mixinStandardHelpOptions = true)
    static final class Status extends AgentCommand {
        @Override
        int run(Agent agent, Path pins, PrintWriter out) throws AgentException {
            if (!agent.isLoaded()) {
                out.println("state       not loaded");
                return 1;
            }
            LoadRecord record = agent.requireLoaded();
            Map<String, Agent.Attached> attached =
                    agent.attached().stream().collect(Collectors.toMap(Agent.Attached::name, Function.identity()));
            boolean complete = attached.keySet().containsAll(Programs.NAMES);
            out.println("state       " + (complete ? "loaded" : "not attached; attach again: toa load --pin " + pins));
            out.println("version     " + record.version());
            out.println("loaded      " + record.loaded());
            out.println("cgroup      " + record.controlGroup());
            out.println("pins        " + pins);
            out.println("mptcp       " + yesNo(record.mptcp()));
            try (Maps maps = agent.maps()) {
                out.println("trusted     " + text(maps.trusted()));
            }
            for (String name : Programs.NAMES) {
                Agent.Attached program = attached.get(name);
                out.printf(
                        "%-11s %s%n",
                        name,
                        program == null
                                ? "not attached"
                                : "program " + program.programId() + ", link " + program.linkId());
            }
            return complete ? 0 : 1;
        }
    }

    @Command(
            name = "stats",
            description = "What the programs have counted since they were loaded first.",
            mixinStandardHelpOptions = true)
    static final class Stats extends AgentCommand {
        @Option(names = "--json", description = "as one JSON object")
        private boolean json;

        @Override
        int run(Agent agent, Path pins, PrintWriter out) throws AgentException {
            try (Maps maps = agent.maps()) {
                if (json) {
                    out.println(Arrays.stream(Counter.values())
                            .map(counter -> "\"" + counter.label() + "\":" + maps.count(counter))
                            .collect(Collectors.joining(",", "{", "}")));
                } else {
                    for (Counter counter : Counter.values()) {
                        out.printf("%-12s %12d  %s%n", counter.label(), maps.count(counter), counter.meaning());
                    }
                }
            }
            return 0;
        }
    }

    @Command(
            name = "unload",
            description = "Detaches the programs; connections show the balancer's address from then on.",
            mixinStandardHelpOptions = true)
    static final class Unload extends AgentCommand {
        @Override
        int run(Agent agent, Path pins, PrintWriter out) throws AgentException {
            out.println("unloaded from " + agent.unload());
            return 0;
        }
    }
}

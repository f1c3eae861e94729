package jdpvs.toa;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What all commands about programs have: where these are pinned, and the way to where that can be seen. */
abstract class AgentCommand implements Callable<Integer> {
    @Option(
            names = "--pin",
            paramLabel = "DIR",
            description = "where the programs are pinned, on a bpffs (default: ${DEFAULT-VALUE})")
    private Path pins = Agent.DEFAULT_PINS;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public Integer call() throws AgentException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Path directory = pins.toAbsolutePath().normalize();
        return Host.amongFirstMounts(() -> run(new Agent(directory, Main.version()), directory, out));
    }

    abstract int run(Agent agent, Path pins, PrintWriter out) throws AgentException;
}

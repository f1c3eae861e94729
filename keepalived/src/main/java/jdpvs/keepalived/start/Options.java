package jdpvs.keepalived.start;

import java.nio.file.Path;
import java.util.List;
import jdpvs.control.KeepalivedReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The words of the command line (facts: config §9). */
@Command(
        name = "keepalived",
        description = "Keeps services on dpvs and their addresses alive: keepalived.conf, VRRP, health checks.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class Options {
    static final Path DEFAULT_FILE = Path.of("/etc/keepalived/keepalived.conf");
    static final Path DEFAULT_PID_FILE = Path.of("/var/run/keepalived.pid");

    private static final String NO_MEANING = "accepted, no meaning here";

    @Option(
            names = {"-f", "--use-file"},
            paramLabel = "FILE",
            description = "configuration, default ${DEFAULT-VALUE}")
    Path file = DEFAULT_FILE;

    @Option(
            names = {"-t", "--config-test"},
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = "",
            description = "read the configuration, say what is wrong with it, start nothing")
    @Nullable String test;

    @Option(
            names = "--diff",
            paramLabel = "FILE",
            description = "say what a running keepalived would do if it read this file now")
    @Nullable Path difference;

    @Option(
            names = {"-n", "--dont-fork"},
            description = "stay in the foreground")
    boolean foreground;

    @Option(
            names = {"-p", "--pid"},
            paramLabel = "FILE",
            description = "where the process id goes, default ${DEFAULT-VALUE}")
    Path pidFile = DEFAULT_PID_FILE;

    @Option(
            names = {"-r", "--vrrp_pid"},
            paramLabel = "FILE",
            description = "the process id goes here too: VRRP and checks are one process")
    @Nullable Path vrrpPidFile;

    @Option(
            names = {"-c", "--checkers_pid"},
            paramLabel = "FILE",
            description = "and here")
    @Nullable Path checkersPidFile;

    @Option(
            names = {"-P", "--vrrp"},
            description = "VRRP only")
    boolean vrrpOnly;

    @Option(
            names = {"-C", "--check"},
            description = "services and health checks only")
    boolean checkersOnly;

    @Option(
            names = {"-l", "--log-console"},
            description = "log to standard error too")
    boolean console;

    @Option(
            names = {"-D", "--log-detail"},
            description = "log details too")
    boolean detail;

    @Option(
            names = {"-S", "--log-facility"},
            paramLabel = "0-7",
            description = "log to syslog's local0 to local7 instead of daemon")
    @Nullable Integer facility;

    @Option(
            names = {"-g", "--log-file"},
            paramLabel = "FILE",
            description = "log to this file, beside syslog")
    @Nullable Path logFile;

    @Option(
            names = {"-G", "--no-syslog"},
            description = "not to syslog")
    boolean noSyslog;

    @Option(
            names = {"-i", "--config-id"},
            paramLabel = "ID",
            description = "take lines that begin with @ID")
    String identity = "";

    @Option(
            names = {"-V", "--dont-release-vrrp"},
            description = "leave addresses on dpvs at the end")
    boolean keepAddresses;

    @Option(
            names = {"-I", "--dont-release-ipvs"},
            description = "leave services on dpvs at the end")
    boolean keepServices;

    @Option(
            names = {"-d", "--dump-conf"},
            description = "log what the configuration says")
    boolean dump;

    @Option(
            names = {"--all", "-R", "--dont-respawn", "-X", "--release-vips"},
            description = NO_MEANING)
    boolean nothing;

    @Option(
            names = {"-b", "--bfd_pid", "-s", "--namespace", "-u", "--umask"},
            paramLabel = "WORD",
            description = NO_MEANING)
    List<String> nothingEither = List.of();

    @Option(
            names = {"-v", "--version"},
            description = "versions")
    boolean version;

    @Option(
            names = {"-h", "--help"},
            description = "this text")
    boolean help;

    private Options() {}

    /** @throws CommandLine.ParameterException with a sentence, when the words make no sense */
    static Options parse(String... words) {
        Options options = new Options();
        CommandLine line = line(options);
        line.parseArgs(words);
        if (options.facility != null && (options.facility < 0 || options.facility > 7)) {
            throw new CommandLine.ParameterException(
                    line, "-S " + options.facility + ": a facility is 0 to 7, for local0 to local7");
        }
        if (options.vrrpOnly && options.checkersOnly) {
            throw new CommandLine.ParameterException(line, "-P and -C leave nothing to do: use one of them, or none");
        }
        return options;
    }

    static String usage() {
        return line(new Options()).getUsageMessage();
    }

    private static CommandLine line(Options options) {
        CommandLine line = new CommandLine(options);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        line.setExpandAtFiles(false);
        return line;
    }

    KeepalivedReport.Part part() {
        if (vrrpOnly) {
            return KeepalivedReport.Part.VRRP;
        }
        return checkersOnly ? KeepalivedReport.Part.CHECKS : KeepalivedReport.Part.EVERYTHING;
    }

    /** Where the configuration is that {@code -t} tests. */
    Path tested() {
        return test == null || test.isEmpty() ? file : Path.of(test);
    }

    /** Beside the pid file: what the running process has read, for {@code --diff}. */
    Path loadedFile() {
        String name = pidFile.getFileName().toString();
        return pidFile.resolveSibling(
                (name.endsWith(".pid") ? name.substring(0, name.length() - 4) : name) + ".loaded");
    }
}

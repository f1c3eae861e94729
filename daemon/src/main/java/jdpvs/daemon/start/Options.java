package jdpvs.daemon.start;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdpvs.process.StartException;

/**
 * The words of the command line (facts: cli §6).
 *
 * @param ports device name to port specification, from {@code -- --port dpdk2=packet:eth1}
 * @param ignored the other words after {@code --}, which mean something to DPDK only
 */
public record Options(
        Action action, Path configuration, Path pidFile, Path socket, Map<String, String> ports, List<String> ignored) {

    /** What the words ask for. */
    public enum Action {
        RUN,
        CHECK,
        VERSION,
        HELP
    }

    public static final String USAGE = """
            usage: dpvs [-c FILE] [-p FILE] [-x FILE] [--check] [-v] [-h] [-- --port DEVICE=KIND:ARGS ... EAL_ARGUMENTS]

              -c, --conf FILE       configuration, default /etc/dpvs.conf
              -p, --pid-file FILE   where the process id goes, default /var/run/dpvs.pid
              -x, --ipc-file FILE   control socket, default /var/run/dpvs.ipc; the tools follow DPVS_IPC_FILE
                  --check           read the configuration, say what is wrong with it, start nothing
              -v, --version         versions
              -h, --help            this text

            after --:
              --port DEVICE=KIND:ARGS   how to reach a device, for example dpdk2=packet:eth1; repeatable
              other words are DPDK's and have no meaning here
            """;

    public Options {
        ports = Map.copyOf(ports);
        ignored = List.copyOf(ignored);
    }

    /** @throws StartException with one sentence, when the words make no sense */
    public static Options parse(String... words) throws StartException {
        Action action = Action.RUN;
        Path configuration = Path.of("/etc/dpvs.conf");
        Path pidFile = Path.of("/var/run/dpvs.pid");
        Path socket = Path.of("/var/run/dpvs.ipc");
        int i = 0;
        for (; i < words.length && !words[i].equals("--"); i++) {
            String word = words[i];
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String name = equals < 0 ? word : word.substring(0, equals);
            switch (name) {
                case "-c", "--conf", "-p", "--pid-file", "-x", "--ipc-file" -> {
                    if (equals < 0 && i + 1 >= words.length) {
                        throw new StartException("option '" + name + "' needs a file name");
                    }
                    Path file = Path.of(equals < 0 ? words[++i] : word.substring(equals + 1));
                    switch (name) {
                        case "-c", "--conf" -> configuration = file;
                        case "-p", "--pid-file" -> pidFile = file;
                        default -> socket = file;
                    }
                }
                case "-v", "--version" -> action = Action.VERSION;
                case "-h", "--help" -> action = Action.HELP;
                case "--check" -> action = Action.CHECK;
                default -> throw new StartException("unknown option '" + word + "', see dpvs -h");
            }
            if (action == Action.VERSION || action == Action.HELP) {
                return new Options(action, configuration, pidFile, socket, Map.of(), List.of());
            }
        }
        Map<String, String> ports = new LinkedHashMap<>();
        List<String> ignored = new ArrayList<>();
        for (i++; i < words.length; i++) {
            if (words[i].equals("--port") || words[i].startsWith("--port=")) {
                boolean separate = words[i].equals("--port");
                String value =
                        !separate ? words[i].substring("--port=".length()) : i + 1 < words.length ? words[++i] : "";
                addPort(ports, value);
            } else {
                ignored.add(words[i]);
            }
        }
        return new Options(action, configuration, pidFile, socket, ports, ignored);
    }

    private static void addPort(Map<String, String> ports, String value) throws StartException {
        int equals = value.indexOf('=');
        int colon = value.indexOf(':', equals + 1);
        if (equals <= 0 || colon == equals + 1 || equals == value.length() - 1) {
            throw new StartException(
                    "--port wants DEVICE=KIND:ARGS, for example dpdk2=packet:eth1, not '" + value + "'");
        }
        if (ports.put(value.substring(0, equals), value.substring(equals + 1)) != null) {
            throw new StartException("--port names device " + value.substring(0, equals) + " twice");
        }
    }
}

package jdpvs.keepalived.start;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import jdpvs.config.Message;
import jdpvs.control.ControlClient;
import jdpvs.control.ControlPaths;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.KeepalivedFile;
import jdpvs.linux.Syslog;
import jdpvs.process.PidFile;
import jdpvs.process.Signals;
import jdpvs.process.StartException;
import jdpvs.process.log.LogLevel;
import jdpvs.process.log.Logging;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process that works, until a signal ends it. */
final class Running {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived");
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** The module's name, which stands on the command line of every keepalived. */
    private static final String MODULE = "jdpvs.keepalived";

    /** Of the environment: which start in the background this is. */
    static final String START_VARIABLE = "JDPVS_KEEPALIVED_START";

    /** Begins the second line of {@link Options#loadedFile}, before what {@code -i} said. */
    static final String IDENTITY = "# -i ";

    private enum Event {
        STOP("the end"),
        RELOAD("the reload"),
        DUMP("the dump"),
        STATISTICS("the statistics");

        private final String words;

        Event(String words) {
            this.words = words;
        }
    }

    private final Options options;
    private final PrintStream standardError;
    private final BlockingDeque<Event> events = new LinkedBlockingDeque<>();

    Running(Options options, PrintStream standardError) {
        this.options = options;
        this.standardError = standardError;
    }

    /** @return the exit code */
    int untilStopped() throws StartException, InterruptedException {
        Syslog.open(
                "Keepalived",
                options.facility == null ? Syslog.FACILITY_DAEMON : Syslog.FACILITY_LOCAL0 + (options.facility << 3));
        Logging logging = Logging.start(standardError, Syslog::log);
        try {
            handle("TERM", Event.STOP);
            handle("INT", Event.STOP);
            handle("HUP", Event.RELOAD);
            handle("USR1", Event.DUMP);
            handle("USR2", Event.STATISTICS);
            sendTo(logging, true);
            KeepalivedFile.Loaded loaded = KeepalivedFile.load(options.file, options.identity);
            log(loaded.messages());
            if (loaded.unusable()) {
                LOG.error("{} cannot be used; keepalived -t says why", options.file);
                return Launch.UNUSABLE;
            }
            List<PidFile> pidFiles = new ArrayList<>();
            try {
                // Held before anything is done: a second keepalived must not touch what the first one made. Filled in
                // last, for that is the sign of readiness.
                for (Path file : pidPaths()) {
                    pidFiles.add(PidFile.create(file, "keepalived", MODULE));
                }
                return serve(loaded, logging);
            } finally {
                pidFiles.forEach(PidFile::close);
            }
        } finally {
            // The connection to syslog ends with the process: closing it would wait for a log daemon that hangs.
            logging.close();
        }
    }

    private List<Path> pidPaths() {
        List<Path> paths = new ArrayList<>();
        if (options.vrrpPidFile != null) {
            paths.add(options.vrrpPidFile);
        }
        if (options.checkersPidFile != null) {
            paths.add(options.checkersPidFile);
        }
        paths.add(options.pidFile);
        return paths.stream().distinct().toList();
    }

    private int serve(KeepalivedFile.Loaded first, Logging logging) throws InterruptedException, StartException {
        String socket =
                Objects.requireNonNullElse(System.getenv(ControlPaths.SOCKET_VARIABLE), ControlPaths.DEFAULT_SOCKET);
        try (Rooms rooms = Rooms.start(new ControlClient(Path.of(socket), SILENCE), options)) {
            use(rooms, first);
            sendTo(logging, false);
            LOG.info("started with {}", options.file);
            while (true) {
                Event event = events.take();
                try {
                    switch (event) {
                        case STOP -> {
                            LOG.info("stopping");
                            return 0;
                        }
                        case RELOAD -> reload(rooms, logging);
                        case DUMP -> Dump.write(Path.of("/tmp/keepalived.data"), rooms.report(), true);
                        case STATISTICS -> Dump.write(Path.of("/tmp/keepalived.stats"), rooms.report(), false);
                    }
                } catch (RuntimeException | Error e) {
                    // Whatever it is: services and addresses are not given up for it.
                    LOG.error("{} broke off by a defect; please report it", event.words, e);
                }
            }
        } finally {
            try {
                Files.deleteIfExists(options.loadedFile());
            } catch (IOException e) {
                LOG.warn("{} cannot be removed: {}", options.loadedFile(), Launch.reason(e));
            }
        }
    }

    private void reload(Rooms rooms, Logging logging) {
        try {
            sendTo(logging, false);
        } catch (StartException e) {
            // Lines go where they went before. That is no reason to give up services and addresses.
            LOG.error("{}", e.getMessage());
        }
        KeepalivedFile.Loaded loaded = KeepalivedFile.load(options.file, options.identity);
        log(loaded.messages());
        if (loaded.unusable()) {
            LOG.error("{} cannot be used: nothing is changed", options.file);
            return;
        }
        use(rooms, loaded);
        LOG.info("reloaded {}", options.file);
    }

    private void use(Rooms rooms, KeepalivedFile.Loaded loaded) {
        KeepalivedConfiguration configuration = loaded.configuration();
        if (options.dump) {
            // Logs are read by more people than the file.
            loaded.flat()
                    .lines()
                    .map(line -> line.replaceFirst("^(\\s*auth_pass ).*", "$1…"))
                    .forEach(LOG::info);
        }
        rooms.load(configuration);
        try {
            Path file = options.loadedFile();
            Path next = file.resolveSibling(file.getFileName() + ".next");
            String start = Objects.requireNonNullElse(System.getenv(START_VARIABLE), "");
            PrivateFile.write(
                    next,
                    readBy(ProcessHandle.current().pid(), start) + "\n" + IDENTITY + options.identity + "\n"
                            + loaded.flat());
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be written, so keepalived --diff will not work: {}",
                    options.loadedFile(),
                    Launch.reason(e));
        }
    }

    /**
     * The first line of {@link Options#loadedFile}, which appears when the configuration is in use.
     *
     * @param start tells starts in the background from each other: in a container a killed one had the same number
     */
    static String readBy(long pid, String start) {
        return "# read by keepalived " + pid + (start.isEmpty() ? "" : " " + start);
    }

    private void sendTo(Logging logging, boolean starting) throws StartException {
        try {
            LogLevel level = options.detail ? LogLevel.DEBUG : LogLevel.INFO;
            // Whoever starts it sees what is wrong, also without -l.
            LogLevel console = options.console ? level : starting ? LogLevel.WARNING : null;
            logging.sendTo(level, !options.noSyslog, options.logFile, console);
        } catch (IOException e) {
            throw new StartException("cannot write log file " + options.logFile + ": " + Launch.reason(e), e);
        }
    }

    private static void log(List<Message> messages) {
        for (Message message : messages) {
            switch (message.severity()) {
                case INFO -> LOG.debug("{}", message);
                case NOTICE -> LOG.info("{}", message);
                case WARNING -> LOG.warn("{}", message);
                case ERROR -> LOG.error("{}", message);
            }
        }
    }

    /** Many signals before the first is answered are one, and the end does not wait behind others. */
    private void handle(String signal, Event event) {
        Signals.handle(signal, () -> {
            if (event == Event.STOP) {
                events.addFirst(event);
            } else if (!events.contains(event)) {
                events.add(event);
            }
        });
    }
}

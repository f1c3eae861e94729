package jdpvs.daemon.start;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import jdpvs.config.Message;
import jdpvs.config.Severity;
import jdpvs.config.dpvs.DpvsConfiguration;
import jdpvs.config.dpvs.LoadResult;
import jdpvs.config.dpvs.Reload;
import jdpvs.linux.SignalDispositions;
import jdpvs.linux.Syslog;
import jdpvs.process.Defects;
import jdpvs.process.Signals;
import jdpvs.process.StartException;
import jdpvs.process.log.Logging;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of the process, from its words to its exit code. */
public final class Launch {
    private static final Logger LOG = LoggerFactory.getLogger("DPVS");

    private enum Event {
        STOP,
        RELOAD
    }

    private final PrintStream standardError;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    public Launch(PrintStream standardError) {
        this.standardError = standardError;
    }

    /** @return the exit code */
    public int run(String... words) {
        long began = System.nanoTime();
        Options options;
        try {
            options = Options.parse(words);
        } catch (StartException e) {
            standardError.println("dpvs: " + e.getMessage());
            return 1;
        }
        return switch (options.action()) {
            case HELP -> {
                standardError.print(Options.USAGE);
                yield 0;
            }
            case VERSION -> {
                standardError.println(Version.current().line());
                standardError.println("jdpvs " + Version.current().own());
                yield 0;
            }
            case CHECK -> check(options);
            case RUN -> daemon(options, began);
        };
    }

    private int check(Options options) {
        LoadResult loaded = DpvsConfiguration.load(options.configuration());
        for (Message message : loaded.messages()) {
            if (message.severity() != Severity.INFO) {
                standardError.println(message.severity().name().toLowerCase(Locale.ROOT) + ": " + message);
            }
        }
        try {
            refuseErrors(loaded, options);
            PlanReader.plan(loaded.configuration(), options);
            standardError.println("dpvs: " + options.configuration() + " can be used");
            return 0;
        } catch (StartException e) {
            standardError.println("dpvs: " + e.getMessage());
            return 1;
        }
    }

    private int daemon(Options options, long began) {
        Syslog.open("dpvs", Syslog.FACILITY_DAEMON);
        Logging logging = Logging.start(standardError, Syslog::log);
        handle("TERM", Event.STOP);
        handle("INT", Event.STOP);
        SignalDispositions.heedHangup();
        handle("HUP", Event.RELOAD);
        try {
            LOG.info("{}; jdpvs {}", Version.current().line(), Version.current().own());
            if (!options.ignored().isEmpty()) {
                LOG.warn("arguments for DPDK have no meaning here: {}", String.join(" ", options.ignored()));
            }
            LoadResult loaded = DpvsConfiguration.load(options.configuration());
            configure(logging, PlanReader.reloadable(loaded.configuration()));
            log(loaded.messages());
            refuseErrors(loaded, options);
            DaemonPlan plan = PlanReader.plan(loaded.configuration(), options);
            plan.notices().forEach(LOG::warn);
            try (Daemon daemon = Daemon.start(plan, options, new Ports())) {
                LOG.info("started in {} ms", (System.nanoTime() - began) / 1_000_000);
                logging.started();
                serve(daemon, loaded.configuration(), options, logging);
            }
            LOG.info("stopped");
            return 0;
        } catch (StartException e) {
            LOG.error("{}", e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            return 1;
        } finally {
            logging.close();
            Syslog.close();
        }
    }

    /** Until a signal ends it. */
    private void serve(Daemon daemon, DpvsConfiguration first, Options options, Logging logging)
            throws InterruptedException {
        DpvsConfiguration current = first;
        while (events.take() == Event.RELOAD) {
            DpvsConfiguration before = current;
            // A defect here must not end the forwarding.
            current = Defects.survive(
                    LOG,
                    "reloading " + options.configuration(),
                    before,
                    () -> reload(daemon, before, options, logging));
        }
    }

    /** @return the configuration that is valid afterwards */
    private static DpvsConfiguration reload(
            Daemon daemon, DpvsConfiguration current, Options options, Logging logging) {
        LOG.info("reloading {}", options.configuration());
        daemon.reopenLogs();
        LoadResult loaded = DpvsConfiguration.load(options.configuration());
        Reload reload = current.reloadedWith(loaded.configuration());
        try {
            refuseErrors(loaded, options);
            DaemonPlan.Reloadable reloadable = PlanReader.reloadable(reload.configuration());
            configure(logging, reloadable);
            log(loaded.messages());
            daemon.reload(reloadable);
            reload.changed().forEach(change -> LOG.info("reloaded {}", change));
            reload.needRestart().forEach(key -> LOG.warn("{} has changed and takes effect at the next start", key));
            return reload.configuration();
        } catch (StartException e) {
            log(loaded.messages());
            LOG.error("nothing was reloaded: {}", e.getMessage());
            return current;
        }
    }

    private static void refuseErrors(LoadResult loaded, Options options) throws StartException {
        if (loaded.hasErrors()) {
            long errors = loaded.messages().stream()
                    .filter(message -> message.severity() == Severity.ERROR)
                    .count();
            throw new StartException("cannot use " + options.configuration() + ": " + errors
                    + (errors == 1 ? " error, see above" : " errors, see above"));
        }
    }

    private static void log(List<Message> messages) {
        for (Message message : messages) {
            Logger log = LoggerFactory.getLogger(message.module());
            switch (message.severity()) {
                case INFO, NOTICE -> log.info("{}", message.text());
                case WARNING -> log.warn("{}", message);
                case ERROR -> log.error("{}", message);
            }
        }
    }

    private static void configure(Logging logging, DaemonPlan.Reloadable reloadable) throws StartException {
        try {
            logging.configure(reloadable.logLevel(), reloadable.logFile(), reloadable.logTimestamps());
        } catch (IOException e) {
            throw new StartException(
                    "cannot open log_file " + reloadable.logFile() + ": " + reason(e) + "; name another one", e);
        }
    }

    /** The file system's exceptions have the bare path as their message. */
    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "its directory does not exist";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    private void handle(String name, Event event) {
        Signals.handle(name, () -> events.add(event));
    }
}

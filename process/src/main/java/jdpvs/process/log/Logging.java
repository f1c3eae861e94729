package jdpvs.process.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go. During start-up: standard error. Afterwards: the log file if the configuration names one; else syslog, and standard
 * error still, because a container has no syslog. Set up in code, which costs no XML parser at start.
 */
public final class Logging {
    private final LoggerContext context;
    private final Logger root;
    private final PrintStream standardError;
    private final LineAppender.Sink syslog;
    private final LineAppender console;
    private final SwitchedAppender switched = new SwitchedAppender();
    private @Nullable FileAppender file;
    private @Nullable Path path;
    private boolean timestamps;

    /** Kept while they stay: where a log daemon or a terminal hangs, each new one would leave a thread and its lines behind. */
    private @Nullable QueuedAppender queuedSyslog;

    private @Nullable QueuedAppender queuedConsole;
    private @Nullable LogLevel consoleLevel;

    /** Takes lines with their syslog severity. */
    public interface SystemLog {
        void line(int priority, String line);
    }

    private Logging(LoggerContext context, PrintStream standardError, SystemLog syslog) {
        this.context = context;
        this.root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        this.standardError = standardError;
        this.syslog = syslog::line;
        this.console = new LineAppender((priority, line) -> standardError.println(line));
    }

    /** Replaces whatever logging there is by standard error at level INFO. */
    public static Logging start(PrintStream standardError, SystemLog syslog) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Logging logging = new Logging(context, standardError, syslog);
        context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        // Who changed what is wanted whatever else is not.
        context.getLogger("AUDIT").setLevel(Level.INFO);
        logging.root.setLevel(Level.INFO);
        logging.attach(logging.console);
        return logging;
    }

    /**
     * Follows the configuration. Standard error stays attached until {@link #started}.
     *
     * @throws IOException when the log file cannot be opened; logging then goes on as before
     */
    public synchronized void configure(LogLevel level, @Nullable Path newPath, boolean newTimestamps)
            throws IOException {
        boolean same = newPath != null && newPath.equals(path) && newTimestamps == timestamps;
        if (same && file != null) {
            file.reopen();
            root.setLevel(level.threshold());
            return;
        }
        FileAppender newFile = newPath == null ? null : new FileAppender(newPath, newTimestamps);
        root.setLevel(level.threshold());
        boolean consoleToo = root.isAttached(console);
        root.detachAndStopAllAppenders();
        file = newFile;
        path = newPath;
        timestamps = newTimestamps;
        attach(newFile != null ? newFile : new LineAppender(syslog));
        if (consoleToo || newFile == null) {
            attach(console);
        }
    }

    /**
     * Sends lines to these places and to no others, from now on; who logs does not wait for any of them, and nothing that others log meanwhile is lost.
     *
     * @param newPath null = to no file
     * @param toConsole the least important level for standard error; null = nothing goes there
     * @throws IOException when the log file cannot be opened; logging then goes on as before
     */
    public synchronized void sendTo(
            LogLevel level, boolean toSyslog, @Nullable Path newPath, @Nullable LogLevel toConsole) throws IOException {
        FileAppender newFile = newPath == null ? null : new FileAppender(newPath, true);
        root.setLevel(level.threshold());
        file = newFile;
        path = newPath;
        timestamps = true;
        List<QueuedAppender> next = new ArrayList<>();
        if (newFile != null) {
            next.add(new QueuedAppender(newFile));
        }
        if (toSyslog) {
            QueuedAppender its = queuedSyslog;
            if (its == null || !switched.isIn(its)) {
                its = new QueuedAppender(new LineAppender(syslog));
                queuedSyslog = its;
            }
            next.add(its);
        }
        if (toConsole != null) {
            QueuedAppender its = queuedConsole;
            if (its == null || toConsole != consoleLevel || !switched.isIn(its)) {
                its = new QueuedAppender(
                        new LineAppender((priority, line) -> standardError.println(line), toConsole.threshold()));
                queuedConsole = its;
                consoleLevel = toConsole;
            }
            next.add(its);
        }
        if (!root.isAttached(switched)) {
            root.detachAndStopAllAppenders();
            attach(switched);
        }
        switched.switchTo(next);
    }

    /** Start-up is over: with a log file, standard error falls silent. */
    public synchronized void started() {
        if (file != null) {
            root.detachAppender(console);
        }
    }

    /** What is queued goes out, or is waited for a second. */
    public synchronized void close() {
        // A context that was stopped once does not stop them.
        root.detachAndStopAllAppenders();
        context.stop();
    }

    private void attach(Appender<ILoggingEvent> appender) {
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
    }
}

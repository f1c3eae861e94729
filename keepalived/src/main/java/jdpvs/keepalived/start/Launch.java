package jdpvs.keepalived.start;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import jdpvs.config.Message;
import jdpvs.config.Severity;
import jdpvs.keepalived.configuration.ConfigurationDifference;
import jdpvs.keepalived.configuration.KeepalivedFile;
import jdpvs.process.StartException;
import picocli.CommandLine.ParameterException;

/**
 * From the words to the exit code: 0 done, 1 wrong words, 2 cannot start, 3 the configuration cannot be used, 4 {@code -t} found errors (facts: config §9).
 */
public final class Launch {
    static final int WRONG_WORDS = 1;
    static final int CANNOT_START = 2;
    static final int UNUSABLE = 3;
    static final int ERRORS = 4;

    private final PrintStream standardError;

    public Launch(PrintStream standardError) {
        this.standardError = standardError;
    }

    /** @return the exit code */
    public int run(String... words) {
        Options options;
        try {
            options = Options.parse(words);
        } catch (ParameterException e) {
            standardError.println("keepalived: " + e.getMessage() + " (keepalived -h lists the options)");
            return WRONG_WORDS;
        }
        if (options.help) {
            standardError.print(Options.usage());
            return 0;
        }
        if (options.version) {
            standardError.println("Keepalived of jdpvs " + version() + ", dialect of keepalived 2.0.19 for DPVS");
            return 0;
        }
        try {
            if (options.test != null) {
                return test(options);
            }
            if (options.difference != null) {
                return difference(options, options.difference);
            }
            return options.foreground
                    ? new Running(options, standardError).untilStopped()
                    : new Background(options, words, standardError).started();
        } catch (StartException e) {
            standardError.println("keepalived: " + e.getMessage());
            return CANNOT_START;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CANNOT_START;
        }
    }

    private int test(Options options) {
        Path file = options.tested();
        KeepalivedFile.Loaded loaded = KeepalivedFile.load(file, options.identity);
        print(loaded.messages());
        if (loaded.unusable()) {
            standardError.println("keepalived: " + file + " cannot be used");
            return UNUSABLE;
        }
        boolean errors = loaded.messages().stream().anyMatch(message -> message.severity() == Severity.ERROR);
        standardError.println(
                "keepalived: " + file + (errors ? " has errors; what they concern would be left out" : " can be used"));
        return errors ? ERRORS : 0;
    }

    private int difference(Options options, Path file) throws StartException {
        Path before = options.loadedFile();
        if (!Files.exists(before)) {
            throw new StartException("no keepalived runs with pid file " + options.pidFile + " (there is no " + before
                    + "): name its pid file with -p");
        }
        KeepalivedFile.Loaded now = KeepalivedFile.load(before, "");
        KeepalivedFile.Loaded then =
                KeepalivedFile.load(file, options.identity.isEmpty() ? identityOf(before) : options.identity);
        print(then.messages());
        if (then.unusable()) {
            standardError.println("keepalived: " + file + " cannot be used; a reload would change nothing");
            return UNUSABLE;
        }
        List<String> lines = ConfigurationDifference.lines(now.configuration(), then.configuration());
        lines.forEach(System.out::println);
        if (lines.isEmpty()) {
            System.out.println("nothing would change");
        }
        return 0;
    }

    /** What {@code -i} said when the running one was started: by that it would read the file. */
    private static String identityOf(Path loadedFile) throws StartException {
        try (Stream<String> lines = Files.lines(loadedFile)) {
            return lines.limit(2)
                    .filter(line -> line.startsWith(Running.IDENTITY))
                    .map(line -> line.substring(Running.IDENTITY.length()))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new StartException(loadedFile + " cannot be read: " + reason(e), e);
        } catch (UncheckedIOException e) {
            throw new StartException(loadedFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void print(List<Message> messages) {
        for (Message message : messages) {
            if (message.severity() != Severity.INFO) {
                standardError.println(message.severity().name().toLowerCase(Locale.ROOT) + ": " + message);
            }
        }
    }

    static String version() {
        return Launch.class.getModule().getDescriptor() == null
                ? "0.1.0"
                : Launch.class.getModule().getDescriptor().rawVersion().orElse("0.1.0");
    }

    /** For messages: the system's reason, without the file's name. */
    static String reason(IOException e) {
        return e instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }
}

package jdpvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps what daemons print under {@code target/daemon-logs}, and shows the end of it when a test fails. Registered for every test class. */
public final class DaemonLogs implements BeforeAllCallback, AfterTestExecutionCallback {
    private static final Path DIRECTORY = Path.of("target", "daemon-logs").toAbsolutePath();
    private static final int LINES_SHOWN = 40;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final List<Path> OF_THIS_CLASS = new ArrayList<>();

    /** @return a new file for a daemon's output */
    static Path next() {
        Path log = DIRECTORY.resolve("dpvs-%03d.log".formatted(NUMBER.incrementAndGet()));
        synchronized (OF_THIS_CLASS) {
            OF_THIS_CLASS.add(log);
        }
        return log;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        synchronized (OF_THIS_CLASS) {
            OF_THIS_CLASS.clear();
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            return;
        }
        synchronized (OF_THIS_CLASS) {
            OF_THIS_CLASS.forEach(log -> show(context.getDisplayName(), log));
        }
    }

    private static void show(String test, Path log) {
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            System.err.printf("---- %s failed; the end of %s:%n", test, log.getFileName());
            lines.stream()
                    .skip(Math.max(0, lines.size() - LINES_SHOWN))
                    .forEach(line -> System.err.println("     " + line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

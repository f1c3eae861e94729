package jdpvs.process.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log daemon, a terminal or a disk that hangs: nobody who logs waits for it, and what is lost is said. */
@Timeout(120)
class QueuedAppenderTest {
    private static final Logger LOG = LoggerFactory.getLogger("NETIF");

    /** For what is to happen, also on a busy machine. */
    private static final long PATIENCE_MILLIS = 30_000;

    @TempDir
    private Path directory;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean broken = new AtomicBoolean();
    private volatile boolean syslogHangs;
    private volatile boolean syslogIsSlow;
    private int slowLines;
    private volatile boolean consoleHangs;
    private final List<String> syslog = Collections.synchronizedList(new ArrayList<>());
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final Logging logging = Logging.start(new PrintStream(new Console(), true, UTF_8), this::syslog);

    private void syslog(int priority, String line) {
        if (syslogHangs) {
            hang();
        }
        // Not for each of eight thousand: on a busy machine a millisecond may be many.
        if (syslogIsSlow && ++slowLines % 4 == 0) {
            pause();
        }
        if (broken.compareAndSet(true, false)) {
            throw new StackOverflowError("as a test asks");
        }
        syslog.add(priority + " " + line);
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Console extends OutputStream {
        @Override
        public void write(int b) {
            if (consoleHangs) {
                hang();
            }
            synchronized (console) {
                console.write(b);
            }
        }
    }

    private void hang() {
        entered.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                release.await();
                break;
            } catch (InterruptedException e) {
                // As in a system call that no signal ends.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        release.countDown();
        assertLogged(logging::close);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (long i = 0; i < PATIENCE_MILLIS / 10 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    /** Not on the test's own thread: with a defect it would stay for ever. */
    private static void assertLogged(Runnable logs) throws InterruptedException {
        Thread thread = Thread.ofPlatform().daemon().start(logs);
        thread.join(PATIENCE_MILLIS);
        assertThat(thread.isAlive()).as("who logs waits").isFalse();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void number(int from, int to) {
        IntStream.range(from, to).forEach(i -> LOG.warn("line {}", i));
    }

    private static List<String> numbers(String before, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> before + i).toList();
    }

    /** Where it hangs. */
    enum Place {
        SYSLOG,
        CONSOLE,
        FILE
    }

    @ParameterizedTest
    @EnumSource
    void whoLogsDoesNotWait(Place place) throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        syslogHangs = place == Place.SYSLOG;
        consoleHangs = place == Place.CONSOLE;
        // Open, so that it can be opened for writing; but nobody reads.
        try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw")) {
            assertThat(reader.getFD().valid()).isTrue();
            logging.sendTo(
                    LogLevel.INFO,
                    place == Place.SYSLOG,
                    place == Place.FILE ? fifo : null,
                    place == Place.CONSOLE ? LogLevel.INFO : null);
            assertLogged(() -> number(0, 3 * QueuedAppender.BACKLOG));
            assertLogged(logging::close);
        }
    }

    /** What hangs in one place keeps nothing from the others, and says itself what it has lost. */
    @Test
    void whatIsLostIsCounted() throws Exception {
        Path file = directory.resolve("log");
        syslogHangs = true;
        logging.sendTo(LogLevel.INFO, true, file, null);
        assertLogged(() -> number(0, 1));
        assertThat(entered.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        int all = QueuedAppender.BACKLOG + 1 + 1234;
        assertLogged(() -> number(1, QueuedAppender.BACKLOG / 2));
        await("the file's first half", () -> lines(file).size() == QueuedAppender.BACKLOG / 2);
        assertLogged(() -> number(QueuedAppender.BACKLOG / 2, all));
        await("all lines in the file", () -> lines(file).size() == all);
        assertThat(lines(file).getLast()).endsWith(" NETIF: line " + (all - 1));
        syslogHangs = false;
        release.countDown();
        await("the end of what is queued", () -> syslog.size() == QueuedAppender.BACKLOG + 2);
        number(all, all + 1);
        await("what comes later", () -> syslog.size() == QueuedAppender.BACKLOG + 3);
        List<String> expected = new ArrayList<>(numbers("4 NETIF: line ", 0, QueuedAppender.BACKLOG + 1));
        expected.add("4 LOG: 1234 lines were lost here: the log took them too slowly");
        expected.add("4 NETIF: line " + all);
        assertThat(syslog).isEqualTo(expected);
        await("the file's last", () -> lines(file).size() == all + 1);
        assertThat(lines(file)).as("it has lost nothing").noneMatch(line -> line.contains("lost"));
    }

    /** A loss must be told too when there is no quiet moment for it. */
    @Test
    void aLossIsToldWhileMoreIsLost() throws Exception {
        syslogHangs = true;
        logging.sendTo(LogLevel.INFO, true, null, null);
        AtomicBoolean enough = new AtomicBoolean();
        Thread busy = Thread.ofPlatform().daemon().start(() -> {
            while (!enough.get()) {
                number(0, 2 * QueuedAppender.BACKLOG);
            }
        });
        try {
            assertThat(entered.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
            List<String> told = new ArrayList<>();
            syslogIsSlow = true;
            syslogHangs = false;
            release.countDown();
            await("a loss", () -> {
                synchronized (syslog) {
                    syslog.stream().filter(line -> line.contains(" LOG: ")).forEach(told::add);
                    syslog.clear();
                }
                return !told.isEmpty();
            });
            assertThat(told.getFirst()).matches("4 LOG: [1-9]\\d* lines were lost here: .*");
        } finally {
            syslogIsSlow = false;
            enough.set(true);
            busy.join();
        }
    }

    @Test
    void whatIsQueuedGoesOutAtTheEnd() throws Exception {
        logging.sendTo(LogLevel.INFO, true, directory.resolve("log"), null);
        number(0, 1000);
        logging.close();
        assertThat(syslog).hasSize(1000);
        assertThat(syslog).isEqualTo(numbers("4 NETIF: line ", 0, 1000));
        assertThat(lines(directory.resolve("log"))).hasSize(1000);
    }

    /** A reload waits a second for what hangs; other threads log meanwhile. */
    @Test
    void nothingIsLostBetweenTwoConfigurations() throws Exception {
        Path fifo = directory.resolve("fifo");
        Path file = directory.resolve("log");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw")) {
            logging.sendTo(LogLevel.INFO, false, fifo, null);
            assertLogged(() -> number(0, 4000));
            Thread reload = Thread.ofPlatform().daemon().start(() -> {
                try {
                    logging.sendTo(LogLevel.INFO, false, file, null);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            int next = 4000;
            while (reload.isAlive()) {
                number(next, ++next);
                Thread.sleep(5);
            }
            number(next, ++next);
            await(
                    "the last line in the new place",
                    () -> Files.exists(file) && !lines(file).isEmpty());
            String last = " line " + (next - 1);
            await("the last line", () -> lines(file).getLast().endsWith(last));
            List<String> expected = new ArrayList<>(numbers("NETIF: line ", 0, next));
            lines(file).forEach(line -> expected.remove(line.substring(line.indexOf("NETIF"))));
            assertThat(expected).hasSizeGreaterThanOrEqualTo(4000);
            List<String> read = readBy(reader);
            await("the others in the old place", () -> read.size() == expected.size());
            assertThat(read).isEqualTo(expected);
        }
    }

    /** Without timestamps; ends with the process, for nothing wakes who reads a pipe. */
    private static List<String> readBy(RandomAccessFile reader) {
        List<String> read = Collections.synchronizedList(new ArrayList<>());
        Thread thread = Thread.ofPlatform().daemon().unstarted(() -> {
            try {
                while (true) {
                    String line = String.valueOf(reader.readLine());
                    read.add(line.substring(line.indexOf("NETIF")));
                }
            } catch (IOException e) {
                read.add(e.toString());
            }
        });
        thread.start();
        return read;
    }

    /** However often it is reloaded while the log daemon hangs. */
    @Test
    void reloadsLeaveNothingBehind() throws Exception {
        syslogHangs = true;
        consoleHangs = true;
        logging.sendTo(LogLevel.INFO, true, null, LogLevel.INFO);
        assertLogged(() -> number(0, 1));
        assertThat(entered.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        Set<Thread> before = carriers();
        for (int i = 0; i < 5; i++) {
            logging.sendTo(LogLevel.INFO, true, directory.resolve("log"), LogLevel.INFO);
        }
        number(1, 2);
        await("one file's thread more", () -> {
            Set<Thread> now = carriers();
            now.removeAll(before);
            return now.size() == 1;
        });
        syslogHangs = false;
        consoleHangs = false;
        release.countDown();
        await("the lines", () -> syslog.size() == 2);
        assertThat(syslog).isEqualTo(numbers("4 NETIF: line ", 0, 2));
    }

    private static Set<Thread> carriers() {
        Set<Thread> all = new HashSet<>(Thread.getAllStackTraces().keySet());
        all.removeIf(thread -> !thread.getName().equals("log"));
        return all;
    }

    @Test
    void anErrorForOneLineIsNoneForTheNext() throws Exception {
        broken.set(true);
        logging.sendTo(LogLevel.INFO, true, null, null);
        number(0, 1);
        await("the loss", () -> !broken.get() && !syslog.isEmpty());
        number(1, 2);
        await("the next line", () -> syslog.size() == 2);
        assertThat(syslog)
                .containsExactly("4 LOG: 1 lines were lost here: the log took them too slowly", "4 NETIF: line 1");
    }
}

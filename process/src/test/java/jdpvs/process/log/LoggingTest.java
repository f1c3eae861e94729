package jdpvs.process.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private static final Logger LOG = LoggerFactory.getLogger("NETIF");

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream standardError = new ByteArrayOutputStream();
    private final List<String> syslog = new ArrayList<>();
    private final Logging logging = Logging.start(
            new PrintStream(standardError, true, UTF_8), (priority, line) -> syslog.add(priority + " " + line));

    @AfterEach
    void close() {
        logging.close();
    }

    @Test
    void withoutFileLinesGoToSyslogAndStandardError() throws Exception {
        logging.configure(LogLevel.WARNING, null, false);
        logging.started();
        LOG.warn("dpdk0:rx_queue_number = {}", 8);
        LOG.info("not at this level");
        LOG.error("bad");
        assertThat(syslog).containsExactly("4 NETIF: dpdk0:rx_queue_number = 8", "3 NETIF: bad");
        assertThat(standardError.toString(UTF_8)).isEqualTo("NETIF: dpdk0:rx_queue_number = 8\nNETIF: bad\n");
    }

    @Test
    void withFileStandardErrorFallsSilentAfterStart() throws Exception {
        Path file = directory.resolve("log");
        LOG.info("before");
        logging.configure(LogLevel.DEBUG, file, false);
        LOG.debug("starting");
        logging.started();
        LOG.debug("running");
        assertThat(standardError.toString(UTF_8)).isEqualTo("NETIF: before\nNETIF: starting\n");
        assertThat(Files.readString(file)).isEqualTo("NETIF: starting\nNETIF: running\n");
    }

    @Test
    void reloadReopensAMovedFile() throws Exception {
        Path file = directory.resolve("log");
        logging.configure(LogLevel.INFO, file, false);
        LOG.info("one");
        Files.move(file, directory.resolve("log.1"));
        LOG.info("two");
        logging.configure(LogLevel.INFO, file, false);
        LOG.info("three");
        assertThat(Files.readString(directory.resolve("log.1"))).isEqualTo("NETIF: one\nNETIF: two\n");
        assertThat(Files.readString(file)).isEqualTo("NETIF: three\n");
    }

    @Test
    void aFileThatCannotBeOpenedChangesNothing() throws Exception {
        Path file = directory.resolve("log");
        logging.configure(LogLevel.WARNING, file, false);
        assertThatThrownBy(() -> logging.configure(LogLevel.DEBUG, directory.resolve("no/log"), false))
                .isInstanceOf(NoSuchFileException.class);
        LOG.info("not at this level");
        LOG.warn("still here");
        assertThat(Files.readString(file)).isEqualTo("NETIF: still here\n");
    }

    /** A reload must not take away what VRRP or a check says at the same time. */
    @Test
    void nothingIsLostOrDoubledWhilePlacesAreSwitched() throws Exception {
        Path file = directory.resolve("log");
        logging.sendTo(LogLevel.INFO, false, file, null);
        Thread other = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 600; i++) {
                LOG.info("line {}", i);
                LockSupport.parkNanos(1_000_000);
            }
        });
        while (other.isAlive()) {
            logging.sendTo(LogLevel.INFO, false, file, null);
        }
        // The end waits a second only, which a busy machine may need for other things.
        for (int i = 0; i < 3000 && Files.readAllLines(file).size() < 600; i++) {
            Thread.sleep(10);
        }
        logging.close();
        assertThat(Files.readAllLines(file))
                .extracting(line -> line.substring(line.indexOf("NETIF")))
                .isEqualTo(IntStream.range(0, 600)
                        .mapToObj(i -> "NETIF: line " + i)
                        .toList());
    }

    @Test
    void exceptionsAndTimestamps() throws Exception {
        Path file = directory.resolve("log");
        logging.configure(LogLevel.INFO, file, true);
        LOG.error("oops", new IllegalStateException("why"));
        assertThat(Files.readString(file))
                .matches("(?s)\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} NETIF: oops\n"
                        + "java.lang.IllegalStateException: why\n.*");
    }
}

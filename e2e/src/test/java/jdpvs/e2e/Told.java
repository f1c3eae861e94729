package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A file in which notify scripts of keepalived write down that they ran, a word each, and what of it the test has read. */
final class Told {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path file;
    private int read;

    Told(Path file) {
        this.file = file;
    }

    /**
     * A statement of keepalived.conf.
     *
     * @param key for example {@code notify_up}
     * @param word what the script writes
     */
    String when(String key, String word) {
        return key + " \"/bin/sh -c 'echo " + word + " >> " + file + "'\"\n";
    }

    /** Waits for what comes next; scripts that are started at the same time may overtake each other. */
    void awaitNext(String... next) {
        Await.until(
                PATIENCE,
                () -> words().size() >= read + next.length,
                () -> List.of(next) + " after the first " + read + " of " + words());
        assertThat(words().subList(read, read + next.length)).containsExactlyInAnyOrder(next);
        read += next.length;
    }

    void assertNothingMore() {
        assertThat(words()).hasSize(read);
    }

    private List<String> words() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

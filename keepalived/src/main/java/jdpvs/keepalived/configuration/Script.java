package jdpvs.keepalived.configuration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program to start.
 *
 * @param words the program and its arguments
 * @param user null = who runs keepalived
 * @param group null = the user's
 */
public record Script(
        List<String> words, @Nullable String user, @Nullable String group) {
    public Script {
        words = List.copyOf(words);
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}

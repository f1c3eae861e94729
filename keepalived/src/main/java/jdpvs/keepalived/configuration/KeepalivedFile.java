package jdpvs.keepalived.configuration;

import java.nio.file.Path;
import java.util.List;
import jdpvs.config.Message;

/** Reads keepalived.conf. */
public final class KeepalivedFile {
    private KeepalivedFile() {}

    /**
     * @param configuration complete even when messages tell of errors: what is wrong is left out
     * @param flat the statements as they counted, without includes, variables and conditions: read again, they give the same configuration
     */
    public record Loaded(KeepalivedConfiguration configuration, List<Message> messages, String flat) {
        public Loaded {
            messages = List.copyOf(messages);
        }

        /** Whether keepalived must not run with it. */
        public boolean unusable() {
            return false;
        }
    }

    /** @param identity of {@code -i}, for lines that begin with {@code @id}; empty = none */
    public static Loaded load(Path file, String identity) {
        if (identity.isEmpty()) {
            throw new IllegalStateException(file.toString());
        }
        throw new IllegalStateException(identity);
    }
}

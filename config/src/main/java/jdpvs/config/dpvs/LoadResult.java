package jdpvs.config.dpvs;

import java.util.List;
import jdpvs.config.Message;
import jdpvs.config.Severity;

/**
 * What became of a file.
 *
 * @param configuration always there; defaults stand for what was missing or wrong. Not to be started with when there are errors.
 * @param messages in the order in which they arose
 */
public record LoadResult(DpvsConfiguration configuration, List<Message> messages) {
    public LoadResult {
        messages = List.copyOf(messages);
    }

    /** Whether something makes a start impossible. */
    public boolean hasErrors() {
        return has(Severity.ERROR);
    }

    /** Whether something was wrong, so that a default was used or a line ignored. */
    public boolean hasWarnings() {
        return has(Severity.WARNING);
    }

    private boolean has(Severity severity) {
        return messages.stream().anyMatch(message -> message.severity() == severity);
    }
}

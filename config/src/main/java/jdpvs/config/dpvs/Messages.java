package jdpvs.config.dpvs;

import java.util.ArrayList;
import java.util.List;
import jdpvs.config.Location;
import jdpvs.config.Message;
import jdpvs.config.Severity;

/** Collects messages; bounded, because a wrong file may have a million bad lines. */
final class Messages {
    static final int LIMIT = 10_000;

    private final List<Message> messages = new ArrayList<>();

    void add(Severity severity, String module, Location at, String text) {
        if (messages.size() < LIMIT || (severity == Severity.ERROR && messages.size() < 2 * LIMIT)) {
            messages.add(new Message(severity, module, at, text));
        } else if (messages.size() == LIMIT) {
            messages.add(new Message(Severity.WARNING, "CFG_FILE", at, "too many messages, the rest is left out"));
        }
    }

    List<Message> list() {
        return List.copyOf(messages);
    }
}

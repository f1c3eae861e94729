package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.config.Location;
import jdpvs.config.Message;
import jdpvs.config.Severity;

/** Collects messages; bounded, because a wrong file may have a million bad lines. */
final class Messages {
    static final int LIMIT = 10_000;
    private static final String MODULE = "KEEPALIVED";

    /** More of a word that was not understood is not quoted. */
    private static final int LONGEST_QUOTE = 100;

    private final List<Message> messages = new ArrayList<>();
    private final Set<String> told = new HashSet<>();

    void notice(Location at, String text) {
        add(Severity.NOTICE, at, text);
    }

    /** What is said of the file as often as it stands there would bury the rest. */
    void noticeOnce(String about, Location at, String text) {
        if (told.add(about)) {
            add(Severity.NOTICE, at, text);
        }
    }

    /** What was wrong, and what is used instead. */
    void warn(Location at, String text) {
        add(Severity.WARNING, at, text);
    }

    /** What is left out. */
    void error(Location at, String text) {
        add(Severity.ERROR, at, text);
    }

    private void add(Severity severity, Location at, String text) {
        if (messages.size() < LIMIT || (severity == Severity.ERROR && messages.size() < 2 * LIMIT)) {
            messages.add(new Message(severity, MODULE, at, printable(text)));
        } else if (messages.size() == LIMIT) {
            messages.add(new Message(Severity.WARNING, MODULE, at, "too many messages, the rest is left out"));
        }
    }

    /** A word of the file as a message names it. */
    static String quote(String word) {
        return "'" + (word.length() > LONGEST_QUOTE ? word.substring(0, LONGEST_QUOTE) + "…" : word) + "'";
    }

    /** Messages quote the file: no control character gets from it to a terminal or log. */
    private static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return clean.toString();
    }

    List<Message> list() {
        return List.copyOf(messages);
    }
}

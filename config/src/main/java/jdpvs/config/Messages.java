package jdpvs.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects messages; bounded, because a wrong file may have a million bad lines. */
public final class Messages {
    /** Of messages of all severities; errors have as many more. */
    public static final int LIMIT = 10_000;

    /** More of a text that was not understood is not quoted. */
    private static final int LONGEST_QUOTE = 100;

    private final String module;
    private final Severity leftOut;
    private final List<Message> messages = new ArrayList<>();
    private final Set<String> told = new HashSet<>();

    /**
     * @param module of messages that no part of the program says of itself, see {@link Message}
     * @param leftOut how much it matters that something of the file cannot be read: what that means is another thing to each program
     */
    public Messages(String module, Severity leftOut) {
        this.module = module;
        this.leftOut = leftOut;
    }

    public void notice(Location at, String text) {
        add(Severity.NOTICE, module, at, text);
    }

    /** What is said of the file as often as it stands there would bury the rest. */
    public void noticeOnce(String about, Location at, String text) {
        if (told.add(about)) {
            notice(at, text);
        }
    }

    /** What was wrong, and what is used instead. */
    public void warn(Location at, String text) {
        add(Severity.WARNING, module, at, text);
    }

    public void error(Location at, String text) {
        add(Severity.ERROR, module, at, text);
    }

    /** What cannot be read of the file. */
    public void leaveOut(Location at, String text) {
        add(leftOut, module, at, text);
    }

    public void add(Severity severity, String source, Location at, String text) {
        if (messages.size() < LIMIT || (severity == Severity.ERROR && messages.size() < 2 * LIMIT)) {
            messages.add(new Message(severity, source, at, printable(text)));
        } else if (messages.size() == LIMIT) {
            messages.add(new Message(Severity.WARNING, module, at, "too many messages, the rest is left out"));
        }
    }

    /** A word of the file as a message names it. */
    public static String quote(String word) {
        return "'" + shortened(word) + "'";
    }

    /** Messages stay readable whatever stands in the file. */
    public static String shortened(String text) {
        return text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
    }

    /** Messages quote the file: no control character gets from it to a terminal or log. */
    public static String printable(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return clean.toString();
    }

    public List<Message> list() {
        return List.copyOf(messages);
    }
}

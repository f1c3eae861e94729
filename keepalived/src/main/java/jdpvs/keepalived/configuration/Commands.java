package jdpvs.keepalived.configuration;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import org.jspecify.annotations.Nullable;

/** Makes programs to start out of commands: words, user and group, and whether they may run at all. */
final class Commands {
    private static final String DEFAULT_USER = "keepalived_script";

    private final Messages messages;
    private final Host host;
    private final @Nullable String user;
    private final @Nullable String group;
    private final boolean security;

    Commands(Node global, Messages messages, Host host) {
        this.messages = messages;
        this.host = host;
        List<String> words = global.words("script_user");
        security = global.flag("enable_script_security");
        if (words.isEmpty()) {
            user = host.hasUser(DEFAULT_USER) ? DEFAULT_USER : null;
            group = null;
        } else {
            user = words.getFirst();
            group = words.size() > 1 ? words.get(1) : null;
        }
    }

    /** @return null when there is no such command, or it must not run */
    @Nullable Script of(Node node, String key) {
        return of(node, key, List.of());
    }

    /** @param runner user and group that a key of their own names; empty = none */
    @Nullable Script of(Node node, String key, List<String> runner) {
        LineType.Command.Quoted command = node.value(key, LineType.Command.Quoted.class);
        if (command == null) {
            return null;
        }
        Location at = node.place(key);
        List<String> words = words(command.text());
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            messages.error(at, key + " " + Messages.quote(command.text()) + " names no program; it is left out");
            return null;
        }
        String runUser = command.user() != null ? command.user() : runner.isEmpty() ? user : runner.getFirst();
        String runGroup = command.group() != null
                ? command.group()
                : command.user() != null ? null : runner.size() > 1 ? runner.get(1) : runner.isEmpty() ? group : null;
        if (runUser != null && !host.hasUser(runUser)) {
            messages.error(at, key + ": there is no user " + Messages.quote(runUser) + "; the program is left out");
            return null;
        }
        if (runGroup != null && !host.hasGroup(runGroup)) {
            messages.error(at, key + ": there is no group " + Messages.quote(runGroup) + "; the program is left out");
            return null;
        }
        return mayRun(words.getFirst(), runUser, key, at) ? new Script(words, runUser, runGroup) : null;
    }

    private boolean mayRun(String program, @Nullable String runUser, String key, Location at) {
        Path path;
        try {
            path = Path.of(program);
        } catch (InvalidPathException e) {
            messages.error(at, key + " " + Messages.quote(program) + " is no path; the program is left out");
            return false;
        }
        boolean guarded = security && (runUser == null || host.isRoot(runUser));
        if (!path.isAbsolute()) {
            if (guarded) {
                messages.error(
                        at,
                        key + " " + Messages.quote(program)
                                + " is found by PATH or from here, and enable_script_security is set; the program is left"
                                + " out: write its whole path, or name a user that runs it");
            }
            return !guarded;
        }
        if (!host.exists(path)) {
            if (guarded) {
                // Nobody can tell who will be able to put one there.
                messages.error(
                        at,
                        key + ": there is no program " + Messages.quote(program)
                                + ", and enable_script_security is set; the program is left out: install it, or name a"
                                + " user that runs it");
            } else {
                messages.warn(at, key + ": there is no program " + Messages.quote(program) + "; starting it will fail");
            }
            return !guarded;
        }
        Path changeable = guarded ? host.changeable(path) : null;
        if (changeable != null) {
            messages.error(
                    at,
                    key + " " + Messages.quote(program) + ": others than root can change "
                            + Messages.quote(changeable.toString())
                            + ", and enable_script_security is set; the program is left out: take write permission from"
                            + " them, or name a user that runs it");
        }
        return changeable == null;
    }

    /** Splits as a shell does: quotes hold words together, a backslash takes the next character as it is. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                char next = text.charAt(i + 1);
                if (quote == 0 || next == '"' || next == '\\' || next == '$' || next == '`') {
                    word.append(next);
                    i++;
                } else {
                    word.append(c);
                }
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}

package jdpvs.command.ipvsadm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.command.Names;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import org.jspecify.annotations.Nullable;

/** {@code ipvsadm -R}: all lines are read and checked, then applied as one transaction; a bad line is named and nothing changes. */
final class Restoring {
    private static final int LONGEST_LINE = 64 << 10;
    private static final int MOST_LINES = 1_000_000;

    private Restoring() {}

    /** @param clear everything goes first, in the same transaction */
    static void restore(boolean clear, Console console) throws CommandFailure, ControlException, IOException {
        List<Change> changes = new ArrayList<>();
        List<Integer> lineNumbers = new ArrayList<>();
        if (clear) {
            changes.add(new Change.ServiceClear());
            lineNumbers.add(0);
        }
        Changes grammar = new Changes(new Names());
        BufferedReader reader = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        int number = 0;
        for (String line = readLine(reader); line != null; line = readLine(reader)) {
            number++;
            if (line.length() > LONGEST_LINE || number > MOST_LINES) {
                throw new CommandFailure(
                        Line.WRONG, "line " + number + ": longer than ipvsadm -R takes; nothing was changed");
            }
            try {
                Change change = parse(line, grammar);
                if (change != null) {
                    changes.add(change);
                    lineNumbers.add(number);
                }
            } catch (CommandFailure e) {
                throw new CommandFailure(
                        e.exitCode() == Line.NO_COMMAND ? Line.WRONG : e.exitCode(),
                        "line " + number + ": " + sentence(e) + "; nothing was changed");
            }
        }
        try {
            console.control().apply(changes);
        } catch (ControlException e) {
            int index = e.changeIndex();
            int line = index >= 0 && index < lineNumbers.size() ? lineNumbers.get(index) : 0;
            throw new CommandFailure(
                    Ipvsadm.status(e.code()),
                    (line > 0 ? "line " + line + ": " : "ipvsadm: ") + e.code().text() + ": " + e.getMessage()
                            + "; nothing was changed");
        }
    }

    /** Null for an empty line or a comment. */
    private static @Nullable Change parse(String line, Changes grammar) throws CommandFailure {
        String stripped = line.strip();
        if (stripped.isEmpty() || stripped.charAt(0) == '#') {
            return null;
        }
        List<String> words = Arrays.asList(stripped.split("\\s+"));
        if (words.getFirst().equals("ipvsadm")) {
            words = words.subList(1, words.size());
            if (words.isEmpty()) {
                return null;
            }
        }
        Line parsed = Line.parse(words);
        Change change = grammar.of(parsed);
        if (change == null) {
            throw new CommandFailure(
                    Line.WRONG, "the '" + parsed.command().listed() + "' command is nothing to restore");
        }
        return change;
    }

    private static String sentence(CommandFailure failure) {
        String text = failure.text();
        return text.equals(Line.TRY_HELP)
                ? "the first option is not a command"
                : text.replace("\n" + Line.TRY_HELP, "");
    }

    /** As {@link BufferedReader#readLine}, but an endless line does not fill the memory. */
    private static @Nullable String readLine(BufferedReader reader) throws IOException {
        int c = reader.read();
        if (c < 0) {
            return null;
        }
        StringBuilder line = new StringBuilder(128);
        while (c >= 0 && c != '\n') {
            line.append((char) c);
            if (line.length() > LONGEST_LINE) {
                break;
            }
            c = reader.read();
        }
        return line.toString();
    }
}

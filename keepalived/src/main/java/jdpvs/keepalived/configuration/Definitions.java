package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import org.jspecify.annotations.Nullable;

/**
 * {@code $NAME=…}, {@code ${NAME}} and {@code ~SEQ(…)} (facts: config §9). A definition is replaced where it is used, so one that names {@code ${I}} may be repeated by
 * {@code ~SEQ(I, …)}. All of it is bounded: definitions may name each other and grow without end.
 */
final class Definitions {
    static final int MAXIMUM_DEPTH = 16;

    /** Characters that all definitions together may be replaced by. */
    static final int MAXIMUM_EXPANSION = 8 << 20;

    private static final Pattern DEFINITION = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)[ \\t]*=[ \\t]*(.*)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern RANDOM = Pattern.compile("_RANDOM(?:[ \\t]+(\\d{1,9}))?(?:[ \\t]+(\\d{1,9}))?");
    private static final Pattern SEQUENCE = Pattern.compile("~SEQ\\(([^)]*)\\)[ \\t]*(.*)");

    private final Messages messages;
    private final String identity;
    private final Map<String, String> values = new HashMap<>();
    private long expanded;
    private boolean exhaustedTold;

    Definitions(Messages messages, String identity) {
        this.messages = messages;
        this.identity = identity;
    }

    /** A definition as it begins: the name, and the first line of its text. */
    record Begun(String name, String text) {}

    static @Nullable Begun begun(String line) {
        Matcher matcher = DEFINITION.matcher(line.strip());
        return matcher.matches() ? new Begun(matcher.group(1), matcher.group(2)) : null;
    }

    void define(String name, String text) {
        // A text that begins in the next line may stand in the middle of a line all the same.
        values.put(name, text.startsWith("\n") ? text.substring(1) : text);
    }

    /** The lines that one line stands for. */
    List<String> expand(String line, Location at, String directory) {
        if (line.indexOf('$') < 0 && line.indexOf('~') < 0) {
            return List.of(line);
        }
        List<String> lines = new ArrayList<>();
        repeat(line, at, directory, 0, lines);
        return lines;
    }

    private void repeat(String line, Location at, String directory, int depth, List<String> into) {
        String stripped = line.strip();
        Matcher matcher = SEQUENCE.matcher(stripped);
        if (!matcher.matches()) {
            if (stripped.startsWith("~SEQ")) {
                messages.warn(at, "~SEQ needs (NAME, START, STEP, END) after it, the line is ignored");
                return;
            }
            for (String each : replace(line, at, directory, depth).split("\n", -1)) {
                into.add(each);
            }
            return;
        }
        String[] parts = matcher.group(1).split(",", -1);
        String name = parts[0].strip();
        long[] numbers = new long[Math.max(0, parts.length - 1)];
        for (int i = 0; i < numbers.length; i++) {
            String digits = replace(parts[i + 1].strip(), at, directory, depth);
            if (!digits.matches("-?\\d{1,9}")) {
                messages.warn(at, "~SEQ: " + Messages.quote(digits) + " is not a number, the line is ignored");
                return;
            }
            numbers[i] = Long.parseLong(digits);
        }
        if (!NAME.matcher(name).matches() || numbers.length < 1 || numbers.length > 3 || depth >= MAXIMUM_DEPTH) {
            messages.warn(at, "~SEQ needs (NAME, START, STEP, END), the line is ignored");
            return;
        }
        // With two numbers they are the first and the last, with one it is the last.
        long first = numbers.length == 1 ? 1 : numbers[0];
        long last = numbers[numbers.length - 1];
        long step = numbers.length == 3 ? numbers[1] : first <= last ? 1 : -1;
        if (step == 0 || (last - first) / step < 0) {
            messages.warn(
                    at,
                    "~SEQ: from " + first + " by " + step + " there is no way to " + last + ", the line is ignored");
            return;
        }
        String before = values.get(name);
        for (long i = first; step > 0 ? i <= last : i >= last; i += step) {
            values.put(name, Long.toString(i));
            expanded += 16 + matcher.group(2).length();
            if (exhausted(at)) {
                break;
            }
            repeat(matcher.group(2), at, directory, depth + 1, into);
        }
        if (before == null) {
            values.remove(name);
        } else {
            values.put(name, before);
        }
    }

    private String replace(String text, Location at, String directory, int depth) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int dollar = text.indexOf('$', from);
            if (dollar < 0 || exhausted(at)) {
                break;
            }
            result.append(text, from, dollar);
            boolean braced = text.startsWith("${", dollar);
            int nameAt = dollar + (braced ? 2 : 1);
            int nameEnd;
            if (braced) {
                nameEnd = text.indexOf('}', nameAt);
            } else {
                Matcher matcher = NAME.matcher(text).region(nameAt, text.length());
                nameEnd = matcher.lookingAt() ? matcher.end() : -1;
            }
            String value = nameEnd < 0 ? null : value(text.substring(nameAt, nameEnd), directory, at);
            if (value == null || depth >= MAXIMUM_DEPTH) {
                if (value != null) {
                    messages.warn(
                            at,
                            "definitions name each other more than " + MAXIMUM_DEPTH
                                    + " deep, the innermost stay as they are");
                } else if (braced && nameEnd > 0) {
                    String name = text.substring(nameAt, nameEnd);
                    messages.noticeOnce("$" + name, at, "$" + name + " is not defined, it stays as it is");
                }
                result.append('$');
                from = dollar + 1;
            } else {
                String inner = replace(value, at, directory, depth + 1);
                expanded += inner.length();
                result.append(inner);
                from = braced ? nameEnd + 1 : nameEnd;
            }
        }
        return result.append(text, from, text.length()).toString();
    }

    private boolean exhausted(Location at) {
        if (expanded > MAXIMUM_EXPANSION) {
            if (!exhaustedTold) {
                messages.error(
                        at,
                        "definitions are replaced by more than " + MAXIMUM_EXPANSION
                                + " characters; from here on they are not replaced: make them shorter or repeat them less");
            }
            exhaustedTold = true;
            return true;
        }
        return false;
    }

    private @Nullable String value(String name, String directory, Location at) {
        if (name.equals("_PWD")) {
            return directory;
        }
        if (name.equals("_INSTANCE")) {
            return identity;
        }
        Matcher random = RANDOM.matcher(name);
        if (random.matches()) {
            long low = random.group(2) == null ? 0 : Long.parseLong(random.group(1));
            String last = random.group(2) == null ? random.group(1) : random.group(2);
            long high = last == null ? 32_767 : Long.parseLong(last);
            if (low > high) {
                messages.warn(
                        at,
                        "_RANDOM " + low + " " + high + ": the first must not be above the second; " + low
                                + " is used");
                return Long.toString(low);
            }
            return Long.toString(RandomGenerator.getDefault().nextLong(low, high + 1));
        }
        return values.get(name);
    }
}

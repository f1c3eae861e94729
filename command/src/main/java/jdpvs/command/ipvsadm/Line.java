package jdpvs.command.ipvsadm;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import jdpvs.command.CommandFailure;
import jdpvs.command.ipvsadm.Option.Group;
import jdpvs.command.ipvsadm.Option.Value;
import org.jspecify.annotations.Nullable;

/**
 * A line of ipvsadm taken apart by popt's rules (facts: cli §4.1): {@code --name=value} or {@code --name value}, short options in bundles, an optional value
 * only when the next word does not begin with a dash; and checked against the legality table.
 */
final class Line {
    static final String TRY_HELP = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.";

    /** The exit status of DPVS's local checks. */
    static final int WRONG = 2;
    /** Of a line that is no command at all. */
    static final int NO_COMMAND = 255;

    private final Command command;
    private final Map<Option, String> values = new EnumMap<>(Option.class);
    private final List<String> destinationChecks = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private @Nullable Option service;
    private @Nullable Option forward;

    private Line(Command command) {
        this.command = command;
    }

    static Line parse(List<String> words) throws CommandFailure {
        Scanner scanner = new Scanner(words);
        Line line = null;
        for (Object token = scanner.next(line == null); token != null; token = scanner.next(line == null)) {
            if (token instanceof Command found) {
                if (line != null) {
                    throw new CommandFailure(WRONG, "multiple commands specified");
                }
                line = new Line(found);
            } else if (token instanceof Option option) {
                if (line == null) {
                    throw new CommandFailure(NO_COMMAND, TRY_HELP);
                }
                line.put(option, scanner.value());
            }
        }
        if (line == null) {
            throw new CommandFailure(NO_COMMAND, TRY_HELP);
        }
        line.words.addAll(scanner.leftOver);
        if (line.command != Command.HELP && line.command != Command.VERSION) {
            line.check();
        }
        return line;
    }

    Command command() {
        return command;
    }

    boolean has(Option option) {
        return values.containsKey(option);
    }

    /** Null when absent; empty for an optional value that is not there. */
    @Nullable String get(Option option) {
        return values.get(option);
    }

    /** Which of the selectors names the service; null when none does. */
    @Nullable Option service() {
        return service;
    }

    @Nullable Option forward() {
        return forward;
    }

    List<String> destinationChecks() {
        return destinationChecks;
    }

    /** What is not an option: only {@code --set} and the sync daemons take such words. */
    List<String> words() {
        return words;
    }

    private void put(Option option, String value) throws CommandFailure {
        if (option == Option.DEST_CHECK) {
            destinationChecks.add(value);
            return;
        }
        Group group = option.group();
        if (group == Group.SERVICE) {
            if (service != null) {
                throw multiple(group);
            }
            service = option;
        } else if (group == Group.FORWARD) {
            if (forward != null) {
                throw multiple(group);
            }
            forward = option;
        } else if (values.containsKey(option) && group != Group.FREE) {
            throw multiple(group);
        }
        if (option == Option.IPV6 && service == Option.FWMARK) {
            throw new CommandFailure(WRONG, "-6 used before -f");
        }
        values.put(option, value);
    }

    private static CommandFailure multiple(Group group) {
        return new CommandFailure(WRONG, "multiple '" + group.listed() + "' options specified");
    }

    private void check() throws CommandFailure {
        int expected =
                command == Command.SET ? 3 : command == Command.START_DAEMON || command == Command.STOP_DAEMON ? 1 : 0;
        if (command == Command.SET && words.size() < 3) {
            throw new CommandFailure(WRONG, "--set option requires 3 timeout values");
        }
        if (words.size() > expected) {
            throw new CommandFailure(WRONG, "unexpected argument " + words.get(expected));
        }
        Group subject = null;
        for (Group group : Group.values()) {
            if (!given(group)) {
                if (command.needs(group)) {
                    throw new CommandFailure(
                            WRONG,
                            "You need to supply the '" + group.listed() + "' option for the '" + command.listed()
                                    + "' command");
                }
            } else if (!command.takes(group)) {
                throw new CommandFailure(
                        WRONG, "Illegal '" + group.listed() + "' option with the '" + command.listed() + "' command");
            } else if (command == Command.LIST && Command.LIST_SUBJECTS.contains(group)) {
                if (subject != null) {
                    throw new CommandFailure(
                            WRONG,
                            "The option '" + group.listed() + "' conflicts with the '" + subject.listed()
                                    + "' option in the 'list' command");
                }
                subject = group;
            }
        }
        if (subject != null && subject != Group.SERVICE) {
            boolean counters = has(Option.STATS) || has(Option.RATE) || has(Option.THRESHOLDS);
            if (counters || (subject != Group.CONNECTION && has(Option.PERSISTENT_CONN))) {
                throw new CommandFailure(WRONG, "options conflicts in the list command");
            }
        }
    }

    private boolean given(Group group) {
        for (Option option : values.keySet()) {
            if (option.group() == group) {
                return group != Group.FREE;
            }
        }
        return false;
    }

    /** Yields a {@link Command} or an {@link Option} at a time, and its value. */
    private static final class Scanner {
        private final List<String> line;
        private final List<String> leftOver = new ArrayList<>();
        private int at;
        private String cluster = "";
        private String value = "";

        Scanner(List<String> line) {
            this.line = line;
        }

        String value() {
            return value;
        }

        /** @param first no command was seen yet: whatever is wrong with its word, it is not a command */
        @Nullable Object next(boolean first) throws CommandFailure {
            value = "";
            while (cluster.isEmpty()) {
                if (at == line.size()) {
                    return null;
                }
                String word = line.get(at++);
                if (word.equals("--")) {
                    leftOver.addAll(line.subList(at, line.size()));
                    at = line.size();
                } else if (word.startsWith("--")) {
                    return longOption(word, first);
                } else if (word.length() > 1 && word.charAt(0) == '-') {
                    cluster = word.substring(1);
                } else {
                    leftOver.add(word);
                }
            }
            char letter = cluster.charAt(0);
            cluster = cluster.substring(1);
            Option option = Option.of(letter);
            if (option != null) {
                if (option.value() != Value.NONE && !cluster.isEmpty()) {
                    value = cluster.charAt(0) == '=' ? cluster.substring(1) : cluster;
                    cluster = "";
                } else {
                    take(option, "-" + letter, first);
                }
                return option;
            }
            Command command = Command.of(letter);
            if (command == null) {
                throw unknown("-" + letter);
            }
            return command;
        }

        private Object longOption(String word, boolean first) throws CommandFailure {
            int equals = word.indexOf('=');
            String name = word.substring(2, equals < 0 ? word.length() : equals);
            Option option = Option.of(name);
            if (option != null) {
                if (equals >= 0) {
                    value = word.substring(equals + 1);
                    if (option.value() == Value.NONE) {
                        throw new CommandFailure(
                                first ? NO_COMMAND : WRONG, "--" + name + ": option does not take an argument");
                    }
                } else {
                    take(option, word, first);
                }
                return option;
            }
            Command command = Command.of(name);
            if (command == null || equals >= 0) {
                throw unknown("--" + name);
            }
            return command;
        }

        private void take(Option option, String written, boolean first) throws CommandFailure {
            if (option.value() == Value.NEEDED) {
                if (at == line.size()) {
                    throw new CommandFailure(NO_COMMAND, first ? TRY_HELP : written + ": missing argument");
                }
                value = line.get(at++);
            } else if (option.value() == Value.OPTIONAL
                    && at < line.size()
                    && !line.get(at).startsWith("-")) {
                value = line.get(at++);
            }
        }

        private static CommandFailure unknown(String written) {
            return new CommandFailure(NO_COMMAND, written + ": unknown option\n" + TRY_HELP);
        }
    }
}

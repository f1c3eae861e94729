package jdpvs.command.dpip;

import java.util.ArrayList;
import java.util.List;
import jdpvs.command.CommandFailure;
import jdpvs.command.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * A command line of dpip, options taken out: they may stand anywhere (GNU permutation), short ones may be bundled, long ones cut to an unambiguous
 * beginning.
 *
 * @param intervalSeconds 0 = once
 * @param count rounds with an interval, 0 = without end
 * @param words object, command and arguments
 */
record DpipLine(
        Family family,
        boolean statistics,
        boolean verbose,
        boolean color,
        boolean help,
        boolean version,
        int intervalSeconds,
        int count,
        boolean anyOption,
        List<String> words) {

    /** Long names and the short option each stands for. */
    private static final String[][] LONG_NAMES = {
        {"family", "f"},
        {"stats", "s"},
        {"statistics", "s"},
        {"verbose", "v"},
        {"interval", "i"},
        {"count", "c"},
        {"color", "C"},
        {"force", "F"},
        {"help", "h"},
        {"version", "V"},
    };

    private static final String WITH_VALUE = "fic";
    private static final String KNOWN = "46fsvicCFhV";

    static DpipLine parse(List<String> line) throws CommandFailure {
        Scan scan = new Scan();
        for (int i = 0; i < line.size(); i++) {
            String word = line.get(i);
            if (word.equals("--")) {
                scan.words.addAll(line.subList(i + 1, line.size()));
                break;
            }
            if (word.startsWith("--")) {
                i += scan.longOption(word, i + 1 < line.size() ? line.get(i + 1) : null);
            } else if (word.length() > 1 && word.charAt(0) == '-') {
                i += scan.cluster(word, i + 1 < line.size() ? line.get(i + 1) : null);
            } else {
                scan.words.add(word);
            }
        }
        if (scan.count > 0 && scan.interval == 0) {
            throw new CommandFailure(1, "missing option '-i'");
        }
        return new DpipLine(
                scan.family,
                scan.statistics,
                scan.verbose,
                scan.color,
                scan.help,
                scan.version,
                scan.interval,
                scan.count,
                scan.any,
                List.copyOf(scan.words));
    }

    private static final class Scan {
        private Family family = Family.UNSPECIFIED;
        private boolean statistics;
        private boolean verbose;
        private boolean color;
        private boolean help;
        private boolean version;
        private int interval;
        private int count;
        private boolean any;
        private final List<String> words = new ArrayList<>();

        /** How many following words it took. */
        int longOption(String word, @Nullable String next) throws CommandFailure {
            int equals = word.indexOf('=');
            String name = word.substring(2, equals < 0 ? word.length() : equals);
            String found = "";
            for (String[] row : LONG_NAMES) {
                if (row[0].equals(name)) {
                    found = row[1];
                    break;
                }
                if (row[0].startsWith(name)) {
                    if (!found.isEmpty() && !found.equals(row[1])) {
                        throw invalid(word);
                    }
                    found = row[1];
                }
            }
            if (found.isEmpty() || name.isEmpty()) {
                throw invalid(word);
            }
            char option = found.charAt(0);
            if (WITH_VALUE.indexOf(option) < 0) {
                if (equals >= 0) {
                    throw invalid(word);
                }
                set(option, "");
                return 0;
            }
            if (equals >= 0) {
                set(option, word.substring(equals + 1));
                return 0;
            }
            set(option, value(word, next));
            return 1;
        }

        int cluster(String word, @Nullable String next) throws CommandFailure {
            for (int i = 1; i < word.length(); i++) {
                char option = word.charAt(i);
                if (KNOWN.indexOf(option) < 0) {
                    throw invalid("-" + option);
                }
                if (WITH_VALUE.indexOf(option) >= 0) {
                    boolean attached = i + 1 < word.length();
                    set(option, attached ? word.substring(i + 1) : value("-" + option, next));
                    return attached ? 0 : 1;
                }
                set(option, "");
            }
            return 0;
        }

        private static String value(String option, @Nullable String next) throws CommandFailure {
            if (next == null) {
                throw new CommandFailure(1, "dpip: Invalid option: " + option + " needs a value");
            }
            return next;
        }

        private void set(char option, String value) throws CommandFailure {
            any = true;
            switch (option) {
                case '4' -> family = Family.INET;
                case '6' -> family = Family.INET6;
                case 'f' ->
                    family = switch (value) {
                        case "inet" -> Family.INET;
                        case "inet6" -> Family.INET6;
                        default -> throw new CommandFailure(1, "dpip: invalid family");
                    };
                case 's' -> statistics = true;
                case 'v' -> verbose = true;
                case 'C' -> color = true;
                case 'h' -> help = true;
                case 'V' -> version = true;
                case 'i' -> interval = positive("-i", value);
                case 'c' -> count = positive("-c", value);
                default -> {
                    // -F concerns ipset only, which has no room here yet.
                }
            }
        }

        private static int positive(String option, String value) throws CommandFailure {
            int number = Numbers.parse(value, 1, Integer.MAX_VALUE / 1000);
            if (number < 0) {
                throw new CommandFailure(1, "dpip: Invalid option: " + option + " " + value);
            }
            return number;
        }

        private static CommandFailure invalid(String word) {
            return new CommandFailure(1, "dpip: Invalid option: " + word);
        }
    }
}

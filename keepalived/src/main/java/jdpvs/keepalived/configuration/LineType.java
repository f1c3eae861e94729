package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import jdpvs.config.ValueType;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/** Values of several words. */
sealed interface LineType extends ValueType {
    /** Words, but none that begins another statement. */
    private static List<String> untilKeyword(List<String> words, int most, Predicate<String> keyword) {
        List<String> taken = new ArrayList<>();
        for (String word : words) {
            if (taken.size() == most || (!taken.isEmpty() && keyword.test(word))) {
                break;
            }
            taken.add(word);
        }
        return taken;
    }

    /** All the words of the line. */
    record Rest(String allowed, boolean optional) implements LineType {
        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            return words.isEmpty() && !optional ? Reading.wrong("") : Reading.of(List.copyOf(words), words.size());
        }
    }

    /** As many words as are not keywords, up to a number. */
    record Words(int most, String allowed, boolean optional) implements LineType {
        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            List<String> taken = optional && !words.isEmpty() && keyword.test(words.getFirst())
                    ? List.of()
                    : untilKeyword(words, most, keyword);
            return taken.isEmpty() && !optional ? Reading.wrong("") : Reading.of(List.copyOf(taken), taken.size());
        }
    }

    /** A command, quoted when it has arguments, and who runs it. */
    record Command() implements LineType {
        /** @param text split into words later, as a shell would */
        record Quoted(
                String text,
                @Nullable String user,
                @Nullable String group) {}

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            List<String> taken = untilKeyword(words, 3, keyword);
            return taken.isEmpty() || taken.getFirst().isBlank()
                    ? Reading.wrong("")
                    : Reading.of(
                            new Quoted(
                                    taken.getFirst(),
                                    taken.size() > 1 ? taken.get(1) : null,
                                    taken.size() > 2 ? taken.get(2) : null),
                            taken.size());
        }

        @Override
        public String allowed() {
            return "\"COMMAND\" [USER [GROUP]]";
        }
    }

    /** {@code N [reverse]}. */
    record Weight(int limit) implements LineType {
        record Amount(int weight, boolean reverse) {
            @Override
            public String toString() {
                return weight + (reverse ? " reverse" : "");
            }
        }

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            Object weight = words.isEmpty() ? null : new Whole(-limit, limit, null).value(words.getFirst());
            boolean reverse = words.size() > 1 && words.get(1).equals("reverse");
            return weight instanceof Long number
                    ? Reading.of(new Amount(number.intValue(), reverse), reverse ? 2 : 1)
                    : Reading.wrong("");
        }

        @Override
        public String allowed() {
            return -limit + " … " + limit + " [reverse]";
        }
    }

    /** {@code IP [PORT]}. */
    record Place() implements LineType {
        /** @param port -1 = not written */
        record At(IpAddress address, int port) {}

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            IpAddress address = words.isEmpty() ? null : WordType.address(words.getFirst());
            if (address == null) {
                return Reading.wrong("");
            }
            if (words.size() == 1 || keyword.test(words.get(1))) {
                return Reading.of(new At(address, -1), 1);
            }
            return new Whole(0, 65_535, null).value(words.get(1)) instanceof Long port
                    ? Reading.of(new At(address, port.intValue()), 2)
                    : Reading.wrong("");
        }

        @Override
        public String allowed() {
            return "ADDRESS [PORT]";
        }
    }
}

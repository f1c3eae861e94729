package jdpvs.config.dpvs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of values that keys take. */
sealed interface ValueType {
    /**
     * What was made of the words after a keyword.
     *
     * @param value null when they are no such value
     * @param used how many words it took
     * @param remark to be told, empty when nothing
     */
    record Reading(@Nullable Object value, int used, String remark) {
        static final Reading INVALID = new Reading(null, 0, "");

        static Reading of(Object value, int used) {
            return new Reading(value, used, "");
        }
    }

    Reading read(List<String> words);

    /** The values allowed, for the reference page. */
    String allowed();

    /** As echoed and in the reference page. */
    default String format(Object value) {
        return value instanceof Boolean on ? on ? "on" : "off" : value.toString();
    }

    /** How a number is made to fit. */
    enum Rounding {
        NONE(""),
        POWER_OF_TWO("2^n"),
        POWER_OF_TWO_MINUS_ONE("2^n − 1");

        final String text;

        Rounding(String text) {
            this.text = text;
        }

        /** The largest of the form that is not above the value. */
        long fit(long value) {
            return switch (this) {
                case NONE -> value;
                case POWER_OF_TWO -> Long.highestOneBit(value);
                case POWER_OF_TWO_MINUS_ONE -> Long.highestOneBit(value + 1) - 1;
            };
        }
    }

    /** A bare word whose presence switches on. */
    record Flag() implements ValueType {
        @Override
        public Reading read(List<String> words) {
            String remark = words.isEmpty()
                    ? ""
                    : "takes no value: its presence switches it on, '" + String.join(" ", words) + "' is ignored";
            return new Reading(true, words.size(), remark);
        }

        @Override
        public String allowed() {
            return "flag";
        }
    }

    /** A number 0 … 14, or nothing as in version 1.8, which means 0. */
    record WindowScale() implements ValueType {
        @Override
        public Reading read(List<String> words) {
            return words.isEmpty() ? Reading.of(0L, 0) : new Whole(0, 14, Rounding.NONE).read(words);
        }

        @Override
        public String allowed() {
            return "0 … 14";
        }
    }

    record Switch() implements ValueType {
        @Override
        public Reading read(List<String> words) {
            return words.isEmpty()
                    ? Reading.INVALID
                    : switch (words.getFirst()) {
                        case "on" -> Reading.of(true, 1);
                        case "off" -> Reading.of(false, 1);
                        default -> Reading.INVALID;
                    };
        }

        @Override
        public String allowed() {
            return "on, off";
        }
    }

    record Whole(long minimum, long maximum, Rounding rounding) implements ValueType {
        @Override
        public Reading read(List<String> words) {
            Long value = words.isEmpty() ? null : number(words.getFirst());
            if (value == null || value < minimum || value > maximum) {
                return Reading.INVALID;
            }
            long fitted = rounding.fit(value);
            String remark = fitted == value ? "" : value + " is adjusted to " + fitted + " (" + rounding.text + ")";
            return new Reading(fitted, 1, remark);
        }

        /** Digits only, as DPVS wants them: no sign, no base prefix. */
        static @Nullable Long number(String word) {
            if (word.isEmpty() || word.length() > 18 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return null;
            }
            return Long.parseLong(word);
        }

        @Override
        public String allowed() {
            String range = minimum + " … " + maximum;
            return rounding == Rounding.NONE ? range : range + ", " + rounding.text;
        }
    }

    /** One of a few numbers. */
    record Numbered(List<Long> numbers) implements ValueType {
        @Override
        public Reading read(List<String> words) {
            Long value = words.isEmpty() ? null : Whole.number(words.getFirst());
            return value == null || !numbers.contains(value) ? Reading.INVALID : Reading.of(value, 1);
        }

        @Override
        public String allowed() {
            return String.join(", ", numbers.stream().map(String::valueOf).toList());
        }
    }

    /** @param prefix a value that only begins with one of the words is taken as that word */
    record Word(List<String> words, boolean prefix) implements ValueType {
        @Override
        public Reading read(List<String> given) {
            if (given.isEmpty()) {
                return Reading.INVALID;
            }
            for (String word : words) {
                if (given.getFirst().equals(word) || (prefix && given.getFirst().startsWith(word))) {
                    return Reading.of(word, 1);
                }
            }
            return Reading.INVALID;
        }

        @Override
        public String allowed() {
            return String.join(", ", words);
        }
    }

    /** Words joined by one character, in any number and order. */
    record Words(List<String> words, String separator) implements ValueType {
        @Override
        public Reading read(List<String> given) {
            if (given.isEmpty()) {
                return Reading.INVALID;
            }
            for (String word : given.getFirst().split(Pattern.quote(separator), -1)) {
                if (!words.contains(word)) {
                    return Reading.INVALID;
                }
            }
            return Reading.of(given.getFirst(), 1);
        }

        @Override
        public String allowed() {
            return String.join(", ", words) + ", joined by `" + separator + "`";
        }
    }

    /** @param form what the text must look like, a regular expression */
    record Text(int maximumLength, String form, String described) implements ValueType {
        @Override
        public Reading read(List<String> words) {
            if (words.isEmpty()
                    || words.getFirst().isEmpty()
                    || words.getFirst().length() > maximumLength
                    || !words.getFirst().matches(form)) {
                return Reading.INVALID;
            }
            return Reading.of(words.getFirst(), 1);
        }

        @Override
        public String allowed() {
            return described;
        }
    }

    /** Numbers separated by blanks. */
    record Numbers(int minimum, int maximum) implements ValueType {
        @Override
        public Reading read(List<String> words) {
            List<Integer> numbers = new ArrayList<>();
            List<String> bad = new ArrayList<>();
            for (String word : words) {
                Long value = Whole.number(word);
                if (value == null || value < minimum || value > maximum) {
                    bad.add(word);
                } else {
                    numbers.add(value.intValue());
                }
            }
            if (numbers.isEmpty()) {
                return Reading.INVALID;
            }
            String remark = bad.isEmpty() ? "" : String.join(" ", bad) + " is not in " + allowedRange() + ", ignored";
            return new Reading(List.copyOf(numbers), words.size(), remark);
        }

        private String allowedRange() {
            return String.format(Locale.ROOT, "%d … %d", minimum, maximum);
        }

        @Override
        public String allowed() {
            return "list of " + allowedRange();
        }

        @Override
        public String format(Object value) {
            StringBuilder text = new StringBuilder();
            for (Object each : (List<?>) value) {
                text.append(text.isEmpty() ? "" : " ").append(each);
            }
            return text.toString();
        }
    }
}

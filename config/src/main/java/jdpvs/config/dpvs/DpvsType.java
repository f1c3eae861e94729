package jdpvs.config.dpvs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import jdpvs.config.ValueType;
import org.jspecify.annotations.Nullable;

/** Values that only dpvs.conf has. */
sealed interface DpvsType extends ValueType {
    /** How a number is made to fit. */
    enum Rounding {
        POWER_OF_TWO("2^n"),
        POWER_OF_TWO_MINUS_ONE("2^n − 1");

        final String text;

        Rounding(String text) {
            this.text = text;
        }

        /** The largest of the form that is not above the value. */
        long fit(long value) {
            return switch (this) {
                case POWER_OF_TWO -> Long.highestOneBit(value);
                case POWER_OF_TWO_MINUS_ONE -> Long.highestOneBit(value + 1) - 1;
            };
        }
    }

    /** A bare word whose presence switches on. */
    record Flag() implements DpvsType {
        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
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

    record Switch() implements DpvsType, ValueType.OneWord {
        @Override
        public @Nullable Object value(String word) {
            return switch (word) {
                case "on" -> true;
                case "off" -> false;
                default -> null;
            };
        }

        @Override
        public String allowed() {
            return "on, off";
        }
    }

    /** A number that is lowered to one of a form. */
    record Rounded(long minimum, long maximum, Rounding rounding) implements DpvsType {
        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            Reading reading = new Whole(minimum, maximum, null).read(words, keyword);
            if (!(reading.value() instanceof Long value)) {
                return reading;
            }
            long fitted = rounding.fit(value);
            String remark = fitted == value ? "" : value + " is adjusted to " + fitted + " (" + rounding.text + ")";
            return new Reading(fitted, 1, remark);
        }

        @Override
        public String allowed() {
            return minimum + " … " + maximum + ", " + rounding.text;
        }
    }

    /** One of a few numbers. */
    record Numbered(List<Long> numbers) implements DpvsType, ValueType.OneWord {
        @Override
        public @Nullable Object value(String word) {
            Long value = word.startsWith("-") ? null : ValueType.number(word);
            return value == null || !numbers.contains(value) ? null : value;
        }

        @Override
        public String allowed() {
            return String.join(", ", numbers.stream().map(String::valueOf).toList());
        }
    }

    /** Words joined by one character, in any number and order. */
    record Words(List<String> words, String separator) implements DpvsType {
        @Override
        public Reading read(List<String> given, Predicate<String> keyword) {
            if (given.isEmpty()) {
                return Reading.wrong("");
            }
            for (String word : given.getFirst().split(Pattern.quote(separator), -1)) {
                if (!words.contains(word)) {
                    return Reading.wrong("");
                }
            }
            return Reading.of(given.getFirst(), 1);
        }

        @Override
        public String allowed() {
            return String.join(", ", words) + ", joined by `" + separator + "`";
        }
    }

    /** Numbers separated by blanks. */
    record Numbers(int minimum, int maximum) implements DpvsType {
        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            List<Integer> numbers = new ArrayList<>();
            List<String> bad = new ArrayList<>();
            for (String word : words) {
                if (new Whole(minimum, maximum, null).value(word) instanceof Long value) {
                    numbers.add(value.intValue());
                } else {
                    bad.add(word);
                }
            }
            if (numbers.isEmpty()) {
                return Reading.wrong("");
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

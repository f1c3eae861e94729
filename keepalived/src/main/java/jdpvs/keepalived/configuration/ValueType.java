package jdpvs.keepalived.configuration;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/** The kinds of values that keys take. */
sealed interface ValueType permits ValueType.Simple, LineType, EntryType {
    /**
     * What was made of the words after a keyword.
     *
     * @param value null when they are no such value
     * @param used how many words it took
     * @param remark to be told, empty when nothing; what is wrong when there is no value
     */
    record Reading(@Nullable Object value, int used, String remark) {
        static Reading of(Object value, int used) {
            return new Reading(value, used, "");
        }

        static Reading wrong(String why) {
            return new Reading(null, 0, why);
        }
    }

    /**
     * @param words after the keyword, may be none
     * @param keyword whether a word begins another statement: a word that may be left out is not one of these
     */
    Reading read(List<String> words, Predicate<String> keyword);

    /** The values allowed, for the reference page and messages. */
    String allowed();

    /** Whether the keyword may stand alone. */
    default boolean optional() {
        return false;
    }

    default String format(Object value) {
        return switch (value) {
            case Boolean on -> on ? "on" : "off";
            case Duration time -> seconds(time);
            default -> value.toString();
        };
    }

    /** {@code 3}, {@code 0.5}. */
    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString();
    }

    /** Of one word. */
    sealed interface Simple extends ValueType {
        /** @return null when the word is no such value */
        @Nullable Object value(String word);

        @Override
        default Reading read(List<String> words, Predicate<String> keyword) {
            Object value = words.isEmpty() ? null : value(words.getFirst());
            return value == null ? Reading.wrong("") : Reading.of(value, 1);
        }
    }

    /** The keyword alone switches on; a word may switch off. */
    record Switch() implements Simple {
        @Override
        public @Nullable Object value(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "on", "true", "yes" -> true;
                case "off", "false", "no" -> false;
                default -> null;
            };
        }

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            return words.isEmpty() || (keyword.test(words.getFirst()) && value(words.getFirst()) == null)
                    ? Reading.of(true, 0)
                    : Simple.super.read(words, keyword);
        }

        @Override
        public String allowed() {
            return "on, off, true, false, yes or no; alone = on";
        }

        @Override
        public boolean optional() {
            return true;
        }
    }

    /** @param alone the value of the keyword alone; null = it needs one */
    record Whole(long minimum, long maximum, @Nullable Long alone) implements Simple {
        @Override
        public @Nullable Object value(String word) {
            Long value = number(word);
            return value == null || value < minimum || value > maximum ? null : value;
        }

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            return alone != null && (words.isEmpty() || keyword.test(words.getFirst()))
                    ? Reading.of(alone, 0)
                    : Simple.super.read(words, keyword);
        }

        @Override
        public String allowed() {
            return minimum + " … " + maximum + (alone == null ? "" : ", alone = " + alone);
        }

        @Override
        public boolean optional() {
            return alone != null;
        }
    }

    /** What is beyond an end counts as the end. */
    record Clamped(long minimum, long maximum) implements Simple {
        @Override
        public @Nullable Object value(String word) {
            Long value = number(word);
            return value == null ? null : Math.clamp(value, minimum, maximum);
        }

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            Reading reading = Simple.super.read(words, keyword);
            return reading.value() == null
                            || reading.value()
                                    .toString()
                                    .equals(words.getFirst().replaceFirst("^0+(?=\\d)", ""))
                    ? reading
                    : new Reading(reading.value(), 1, "must be " + allowed() + "; " + reading.value() + " is used");
        }

        @Override
        public String allowed() {
            return minimum + " … " + maximum;
        }
    }

    /** Seconds with decimals, in microseconds. */
    record Timer(String minimum, String maximum) implements Simple {
        @Override
        public @Nullable Object value(String word) {
            if (!word.matches("\\d{1,9}(\\.\\d{0,9})?|\\.\\d{1,9}")) {
                return null;
            }
            BigDecimal value = new BigDecimal(word.startsWith(".") ? "0" + word : word.replaceFirst("\\.$", ""));
            if (value.compareTo(new BigDecimal(minimum)) < 0 || value.compareTo(new BigDecimal(maximum)) > 0) {
                return null;
            }
            return Duration.ofNanos(value.movePointRight(6).longValue() * 1000);
        }

        @Override
        public String allowed() {
            return minimum + " … " + maximum + " seconds";
        }
    }

    /** One of some words. */
    record Word(List<String> words, boolean anyCase) implements Simple {
        @Override
        public @Nullable Object value(String word) {
            for (String each : words) {
                if (anyCase ? each.equalsIgnoreCase(word) : each.equals(word)) {
                    return each;
                }
            }
            return null;
        }

        @Override
        public String allowed() {
            return String.join(", ", words);
        }
    }

    /**
     * @param form a regular expression for all of it
     * @param allowed in words
     */
    record Text(int longest, String form, String allowed) implements Simple {
        @Override
        public @Nullable Object value(String word) {
            return word.isEmpty() || word.length() > longest || !word.matches("(?s)" + form) ? null : word;
        }
    }

    record Ip() implements Simple {
        @Override
        public @Nullable Object value(String word) {
            return address(word);
        }

        @Override
        public String allowed() {
            return "IPv4 or IPv6 address";
        }
    }

    /** Digits and a sign, as the file may have them. */
    static @Nullable Long number(String word) {
        int from = word.startsWith("-") ? 1 : 0;
        if (word.length() == from || word.length() > 18) {
            return null;
        }
        for (int i = from; i < word.length(); i++) {
            if (word.charAt(i) < '0' || word.charAt(i) > '9') {
                return null;
            }
        }
        return Long.valueOf(word);
    }

    static @Nullable IpAddress address(String word) {
        try {
            return IpAddress.parse(word);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Words, but none that begins another statement. */
    static List<String> untilKeyword(List<String> words, int most, Predicate<String> keyword) {
        List<String> taken = new ArrayList<>();
        for (String word : words) {
            if (taken.size() == most || (!taken.isEmpty() && keyword.test(word))) {
                break;
            }
            taken.add(word);
        }
        return taken;
    }
}

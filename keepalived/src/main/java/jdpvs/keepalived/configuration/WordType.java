package jdpvs.keepalived.configuration;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import jdpvs.config.ValueType;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/** Values of one word that only keepalived.conf has. */
sealed interface WordType extends ValueType.OneWord {
    /** The keyword alone switches on; a word may switch off. */
    record Switch() implements WordType {
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
                    : WordType.super.read(words, keyword);
        }

        @Override
        public String allowed() {
            return "on, off, true, false, yes or no; alone = on";
        }
    }

    /** What is beyond an end counts as the end. */
    record Clamped(long minimum, long maximum) implements WordType {
        @Override
        public @Nullable Object value(String word) {
            Long value = ValueType.number(word);
            return value == null ? null : Math.clamp(value, minimum, maximum);
        }

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            Reading reading = WordType.super.read(words, keyword);
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
    record Timer(String minimum, String maximum) implements WordType {
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

        @Override
        public String format(Object value) {
            return seconds((Duration) value);
        }
    }

    record Ip() implements WordType {
        @Override
        public @Nullable Object value(String word) {
            return address(word);
        }

        @Override
        public String allowed() {
            return "IPv4 or IPv6 address";
        }
    }

    /** {@code 3}, {@code 0.5}. */
    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString();
    }

    static @Nullable IpAddress address(String word) {
        try {
            return IpAddress.parse(word);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}

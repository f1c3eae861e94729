package jdpvs.config;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A kind of values that keys take; here are those that both dialects have. */
public interface ValueType {
    /**
     * What was made of the words after a keyword.
     *
     * @param value null when they are no such value
     * @param used how many words it took
     * @param remark to be told, empty when nothing; what is wrong when there is no value
     */
    record Reading(@Nullable Object value, int used, String remark) {
        public static Reading of(Object value, int used) {
            return new Reading(value, used, "");
        }

        /** @param why in words, empty = not such a value */
        public static Reading wrong(String why) {
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

    /** A value as the file would have it, for the reference page and messages. */
    default String format(Object value) {
        return value instanceof Boolean on ? on ? "on" : "off" : value.toString();
    }

    /** Of one word. */
    interface OneWord extends ValueType {
        /** @return null when the word is no such value */
        @Nullable Object value(String word);

        @Override
        default Reading read(List<String> words, Predicate<String> keyword) {
            Object value = words.isEmpty() ? null : value(words.getFirst());
            return value == null ? Reading.wrong("") : Reading.of(value, 1);
        }
    }

    /**
     * Digits, with a sign only where it may be below 0, and no base prefix.
     *
     * @param alone the value of the keyword alone; null = it needs one
     */
    record Whole(long minimum, long maximum, @Nullable Long alone) implements OneWord {
        @Override
        public @Nullable Object value(String word) {
            Long value = minimum >= 0 && word.startsWith("-") ? null : number(word);
            return value == null || value < minimum || value > maximum ? null : value;
        }

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            return alone != null && (words.isEmpty() || keyword.test(words.getFirst()))
                    ? Reading.of(alone, 0)
                    : OneWord.super.read(words, keyword);
        }

        @Override
        public String allowed() {
            return minimum + " … " + maximum + (alone == null ? "" : ", alone = " + alone);
        }
    }

    /** When a word of the file is one of those allowed. */
    enum Match {
        EXACT,
        ANY_CASE,
        /** It begins with it. */
        PREFIX;

        boolean test(String word, String allowed) {
            return switch (this) {
                case EXACT -> word.equals(allowed);
                case ANY_CASE -> word.equalsIgnoreCase(allowed);
                case PREFIX -> word.startsWith(allowed);
            };
        }
    }

    /** One of some words; the value is the word as it stands here. */
    record Word(List<String> words, Match match) implements OneWord {
        @Override
        public @Nullable Object value(String word) {
            for (String each : words) {
                if (match.test(word, each)) {
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
    record Text(int longest, String form, String allowed) implements OneWord {
        @Override
        public @Nullable Object value(String word) {
            return word.isEmpty() || word.length() > longest || !word.matches("(?s)" + form) ? null : word;
        }
    }

    /** @return of digits and perhaps a sign, at most 18 characters; null when it is something else */
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
}

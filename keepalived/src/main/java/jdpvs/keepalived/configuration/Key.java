package jdpvs.keepalived.configuration;

import jdpvs.config.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * One key of the table: everything that is known about it.
 *
 * @param alias another word for it, empty = none
 * @param defaultValue when the key is absent; null = what {@code otherwise} says
 * @param otherwise the default in words; empty = none
 * @param unused why it has no meaning here; empty = it has one
 * @param about one sentence for the reference page
 */
record Key(
        String name,
        String alias,
        ValueType type,
        @Nullable Object defaultValue,
        String otherwise,
        boolean repeated,
        String unused,
        String about) {

    static Key of(String name, ValueType type, String otherwise, String about) {
        return new Key(name, "", type, null, otherwise, false, "", about);
    }

    static Key flag(String name, String about) {
        return new Key(name, "", new WordType.Switch(), false, "", false, "", about);
    }

    /** A switch that something else sets when it is not written. */
    static Key flag(String name, String otherwise, String about) {
        return of(name, new WordType.Switch(), otherwise, about);
    }

    static Key number(String name, long minimum, long maximum, long defaultValue, String about) {
        return new Key(name, "", new ValueType.Whole(minimum, maximum, null), defaultValue, "", false, "", about);
    }

    static Key number(String name, long minimum, long maximum, String otherwise, String about) {
        return of(name, new ValueType.Whole(minimum, maximum, null), otherwise, about);
    }

    static Key time(String name, String minimum, String maximum, String otherwise, String about) {
        return of(name, new WordType.Timer(minimum, maximum), otherwise, about);
    }

    static Key command(String name, String about) {
        return of(name, new LineType.Command(), "", about);
    }

    static Key text(String name, String allowed, String about) {
        return of(name, new ValueType.Text(1024, ".+", allowed), "", about);
    }

    /** Accepted with whatever follows, and named once. */
    static Key unused(String name, String why) {
        return new Key(name, "", new LineType.Rest("anything", true), null, "", false, why, "");
    }

    /** Up to three words. */
    Key words() {
        return of(name, new LineType.Words(3, type.allowed(), false), otherwise, about);
    }

    Key or(String other) {
        return new Key(name, other, type, defaultValue, otherwise, repeated, unused, about);
    }

    Key value(Object value) {
        return new Key(name, alias, type, value, otherwise, repeated, unused, about);
    }

    Key repeat() {
        return new Key(name, alias, type, defaultValue, otherwise, true, unused, about);
    }

    /** Read and checked, but without effect. */
    Key without(String why) {
        return new Key(name, alias, type, defaultValue, otherwise, repeated, why, about);
    }

    String defaultText() {
        return defaultValue == null ? otherwise : type.format(defaultValue);
    }
}

package jdpvs.config.dpvs;

import jdpvs.config.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * One key of the table: everything that is known about it.
 *
 * @param defaultValue when the key is absent; null = nothing
 * @param fallback when its value is invalid; null = the default
 * @param reloadable applied by SIGHUP, else at the start only
 * @param repeated each occurrence adds, else the last wins
 * @param unused why it has no meaning here; empty = it has one
 * @param about one sentence for the reference page
 */
record Key(
        String name,
        ValueType type,
        @Nullable Object defaultValue,
        @Nullable Object fallback,
        boolean reloadable,
        boolean repeated,
        String unused,
        String about) {

    static Key of(String name, ValueType type, @Nullable Object defaultValue, String about) {
        return new Key(name, type, defaultValue, null, false, false, "", about);
    }

    static Key flag(String name, String about) {
        return of(name, new DpvsType.Flag(), false, about);
    }

    static Key onOff(String name, boolean defaultValue, String about) {
        return of(name, new DpvsType.Switch(), defaultValue, about);
    }

    static Key number(String name, long minimum, long maximum, long defaultValue, String about) {
        return of(name, new ValueType.Whole(minimum, maximum, null), defaultValue, about);
    }

    static Key number(
            String name, long minimum, long maximum, DpvsType.Rounding rounding, long defaultValue, String about) {
        return of(name, new DpvsType.Rounded(minimum, maximum, rounding), defaultValue, about);
    }

    Key reload() {
        return new Key(name, type, defaultValue, fallback, true, repeated, unused, about);
    }

    Key repeat() {
        return new Key(name, type, defaultValue, fallback, reloadable, true, unused, about);
    }

    Key otherwise(Object value) {
        return new Key(name, type, defaultValue, value, reloadable, repeated, unused, about);
    }

    Key absent() {
        return new Key(name, type, null, fallback, reloadable, repeated, unused, about);
    }

    /** Has no meaning here. */
    Key unused(String reason) {
        return new Key(name, type, defaultValue, fallback, reloadable, repeated, reason, about);
    }

    /** What is used when the value is invalid. */
    @Nullable Object substitute() {
        return fallback != null ? fallback : defaultValue;
    }
}

package jdpvs.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one block of a file sets, and the table's defaults for what it does not set: the tree that records are made from. Mutable only while the file is evaluated.
 *
 * @param <B> the dialect's kind of these
 */
public abstract class BlockValues<B extends BlockValues<B>> {
    /** A value and where it stands. */
    public record Setting(Object value, Location at) {}

    /** Where the block begins. */
    public final Location at;

    private final Map<String, List<Setting>> settings = new LinkedHashMap<>();
    private final Map<String, List<B>> blocks = new LinkedHashMap<>();

    protected BlockValues(Location at) {
        this.at = at;
    }

    /**
     * What the table has for a key that is not set.
     *
     * @throws IllegalArgumentException when the table has no such key here
     */
    protected abstract @Nullable Object defaultOf(String keyName);

    /**
     * A block that the file does not have, which sets nothing.
     *
     * @throws IllegalArgumentException when the table has no such block here
     */
    protected abstract B absent(String blockName);

    /** For {@link #defaultOf} and {@link #absent}: what the table has under a name. */
    protected static <T> T inTable(@Nullable T found, String name, String blockName) {
        if (found == null) {
            throw new IllegalArgumentException("the table has no " + name + " in " + blockName);
        }
        return found;
    }

    protected final void put(String keyName, Object value, Location where) {
        settings.computeIfAbsent(keyName, k -> new ArrayList<>()).add(new Setting(value, where));
    }

    protected final void put(String blockName, B values) {
        blocks.computeIfAbsent(blockName, k -> new ArrayList<>()).add(values);
    }

    /** The blocks of one kind, in the file's order. */
    public final List<B> all(String blockName) {
        return List.copyOf(blocks.getOrDefault(blockName, List.of()));
    }

    /** The first block of one kind, an empty one when the file does not have it. */
    public final B one(String blockName) {
        List<B> known = blocks.get(blockName);
        return known == null ? absent(blockName) : known.getFirst();
    }

    public final boolean has(String blockName) {
        return blocks.containsKey(blockName);
    }

    public final boolean isSet(String keyName) {
        return settings.containsKey(keyName);
    }

    /** Where a key stands, or the block. */
    public final Location place(String keyName) {
        List<Setting> set = settings.get(keyName);
        return set == null ? at : set.getLast().at();
    }

    /** All that a key was set to, in the file's order. */
    public final List<Setting> settings(String keyName) {
        return List.copyOf(settings.getOrDefault(keyName, List.of()));
    }

    /** As set last, or the table's default. */
    public final <T> @Nullable T value(String keyName, Class<T> type) {
        List<Setting> set = settings.get(keyName);
        return type.cast(set == null ? defaultOf(keyName) : set.getLast().value());
    }

    public final int number(String keyName) {
        return Math.toIntExact(Objects.requireNonNull(value(keyName, Long.class), keyName));
    }

    public final int number(String keyName, int otherwise) {
        Long value = value(keyName, Long.class);
        return value == null ? otherwise : Math.toIntExact(value);
    }

    public final boolean flag(String keyName) {
        return flag(keyName, false);
    }

    public final boolean flag(String keyName, boolean otherwise) {
        return Objects.requireNonNullElse(value(keyName, Boolean.class), otherwise);
    }

    public final @Nullable String text(String keyName) {
        return value(keyName, String.class);
    }

    /** The parts of a value of several, none when it is not set. */
    public final <T> List<T> list(String keyName, Class<T> type) {
        return value(keyName, Object.class) instanceof List<?> list
                ? list.stream().map(type::cast).toList()
                : List.of();
    }
}

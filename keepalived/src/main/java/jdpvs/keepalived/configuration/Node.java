package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jdpvs.config.Location;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/** What one block of the file sets: the tree that records are made from. Mutable only while the file is evaluated. */
final class Node {
    /** A value and where it stands. */
    record Setting(Object value, Location at) {}

    /** What stands in the file as it counted: a line's words, or a block. */
    private sealed interface Written {
        record Line(List<String> words) implements Written {}

        record Inner(Node node) implements Written {}
    }

    final Block block;
    final List<String> words;
    final Location at;
    private final Map<String, List<Setting>> settings = new LinkedHashMap<>();
    private final Map<String, List<Node>> blocks = new LinkedHashMap<>();
    private final List<Setting> entries = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();

    /** @param words what follows the keyword */
    Node(Block block, List<String> words, Location at) {
        this.block = block;
        this.words = List.copyOf(words);
        this.at = at;
    }

    void set(Key key, Object value, List<String> line, Location where) {
        settings.computeIfAbsent(key.name(), k -> new ArrayList<>()).add(new Setting(value, where));
        written.add(new Written.Line(line));
    }

    void add(Object entry, List<String> line, Location where) {
        entries.add(new Setting(entry, where));
        written.add(new Written.Line(line));
    }

    /** The block to fill: a new one, or the one that is there already where occurrences merge. */
    Node open(Block kind, List<String> values, Location where) {
        List<Node> known = blocks.computeIfAbsent(kind.name(), k -> new ArrayList<>());
        if (!kind.repeated() && !known.isEmpty()) {
            return known.getFirst();
        }
        Node node = new Node(kind, values, where);
        known.add(node);
        written.add(new Written.Inner(node));
        return node;
    }

    List<Node> all(String blockName) {
        return List.copyOf(blocks.getOrDefault(blockName, List.of()));
    }

    /** An unnamed block, an empty one when the file does not have it. */
    Node one(String blockName) {
        List<Node> known = blocks.getOrDefault(blockName, List.of());
        if (!known.isEmpty()) {
            return known.getFirst();
        }
        Block kind = block.block(blockName);
        if (kind == null) {
            throw new IllegalArgumentException("the table has no block " + blockName + " in " + block.name());
        }
        return new Node(kind, List.of(), at);
    }

    boolean has(String blockName) {
        return blocks.containsKey(blockName);
    }

    List<Setting> entries() {
        return List.copyOf(entries);
    }

    String name() {
        return words.isEmpty() ? "" : words.getFirst();
    }

    private @Nullable Object get(String keyName) {
        List<Setting> set = settings.get(keyName);
        if (set != null) {
            return set.getLast().value();
        }
        Key key = block.key(keyName);
        if (key == null) {
            throw new IllegalArgumentException("the table has no key " + keyName + " in " + block.name());
        }
        return key.defaultValue();
    }

    boolean isSet(String keyName) {
        return settings.containsKey(keyName);
    }

    /** Where a key stands, or the block. */
    Location place(String keyName) {
        List<Setting> set = settings.get(keyName);
        return set == null ? at : set.getLast().at();
    }

    /** All values of a repeated key. */
    List<Setting> settings(String keyName) {
        return List.copyOf(settings.getOrDefault(keyName, List.of()));
    }

    /** As set or the table's default. */
    <T> @Nullable T value(String keyName, Class<T> type) {
        return type.cast(get(keyName));
    }

    int number(String keyName) {
        return Math.toIntExact(Objects.requireNonNull(value(keyName, Long.class), keyName));
    }

    int number(String keyName, int otherwise) {
        Long value = value(keyName, Long.class);
        return value == null ? otherwise : Math.toIntExact(value);
    }

    Duration time(String keyName, Duration otherwise) {
        return Objects.requireNonNullElse(value(keyName, Duration.class), otherwise);
    }

    boolean flag(String keyName) {
        return flag(keyName, false);
    }

    boolean flag(String keyName, boolean otherwise) {
        return Objects.requireNonNullElse(value(keyName, Boolean.class), otherwise);
    }

    @Nullable String text(String keyName) {
        return value(keyName, String.class);
    }

    @Nullable IpAddress address(String keyName) {
        return value(keyName, IpAddress.class);
    }

    /** The words of a key of several. */
    List<String> words(String keyName) {
        return get(keyName) instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }

    /** The statements as they counted; read again, they give the same. */
    void write(StringBuilder into, String indent) {
        for (Written each : written) {
            switch (each) {
                case Written.Line(List<String> line) ->
                    into.append(indent).append(FlatText.line(line)).append('\n');
                case Written.Inner(Node node) -> {
                    into.append(indent).append(node.block.name());
                    if (!node.words.isEmpty()) {
                        into.append(' ').append(FlatText.line(node.words));
                    }
                    into.append(" {\n");
                    node.write(into, indent + "    ");
                    into.append(indent).append("}\n");
                }
            }
        }
    }
}

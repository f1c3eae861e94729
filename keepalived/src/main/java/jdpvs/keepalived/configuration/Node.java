package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jdpvs.config.BlockValues;
import jdpvs.config.Location;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/** What one block of keepalived.conf sets, and how it stands there. */
final class Node extends BlockValues<Node> {
    /** What stands in the file as it counted: a line's words, or a block. */
    private sealed interface Written {
        record Line(List<String> words) implements Written {}

        record Inner(Node node) implements Written {}
    }

    final Block block;
    final List<String> words;
    private final List<Setting> entries = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();

    /** @param words what follows the keyword */
    Node(Block block, List<String> words, Location at) {
        super(at);
        this.block = block;
        this.words = List.copyOf(words);
    }

    void set(Key key, Object value, List<String> line, Location where) {
        put(key.name(), value, where);
        written.add(new Written.Line(line));
    }

    void add(Object entry, List<String> line, Location where) {
        entries.add(new Setting(entry, where));
        written.add(new Written.Line(line));
    }

    /** The block to fill: a new one, or the one that is there already where occurrences merge. */
    Node open(Block kind, List<String> values, Location where) {
        if (!kind.repeated() && has(kind.name())) {
            return one(kind.name());
        }
        Node node = new Node(kind, values, where);
        put(kind.name(), node);
        written.add(new Written.Inner(node));
        return node;
    }

    @Override
    protected Node absent(String blockName) {
        return new Node(inTable(block.block(blockName), blockName, block.name()), List.of(), at);
    }

    @Override
    protected @Nullable Object defaultOf(String keyName) {
        return inTable(block.key(keyName), keyName, block.name()).defaultValue();
    }

    List<Setting> entries() {
        return List.copyOf(entries);
    }

    String name() {
        return words.isEmpty() ? "" : words.getFirst();
    }

    Duration time(String keyName, Duration otherwise) {
        return Objects.requireNonNullElse(value(keyName, Duration.class), otherwise);
    }

    @Nullable IpAddress address(String keyName) {
        return value(keyName, IpAddress.class);
    }

    /** The words of a key of several. */
    List<String> words(String keyName) {
        return list(keyName, String.class);
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

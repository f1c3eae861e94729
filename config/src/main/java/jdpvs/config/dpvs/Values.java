package jdpvs.config.dpvs;

import java.util.List;
import java.util.Objects;
import jdpvs.config.BlockValues;
import jdpvs.config.Location;
import org.jspecify.annotations.Nullable;

/** What one block of dpvs.conf sets, and what a reload makes of it. */
final class Values extends BlockValues<Values> {
    final Block block;
    final String name;

    Values(Block block, String name, Location at) {
        super(at);
        this.block = block;
        this.name = name;
    }

    void set(Key key, Object value, Location where) {
        put(key.name(), value, where);
    }

    /** The block to fill: the one that is there already, or a new one. */
    Values open(Block kind, String blockName, Location where) {
        for (Values values : all(kind.name())) {
            if (values.name.equals(blockName)) {
                return values;
            }
        }
        Values values = new Values(kind, blockName, where);
        put(kind.name(), values);
        return values;
    }

    @Override
    protected Values absent(String blockName) {
        return new Values(inTable(block.block(blockName), blockName, block.name()), "", at);
    }

    @Override
    protected @Nullable Object defaultOf(String keyName) {
        return inTable(block.key(keyName), keyName, block.name()).defaultValue();
    }

    /** What counts of a key: all values of a repeated one, the last of another. */
    private @Nullable Object counting(Key key) {
        return key.repeated()
                ? settings(key.name()).stream().map(Setting::value).toList()
                : value(key.name(), Object.class);
    }

    /** Of this file as a reload applies it: reloadable keys from the next, all else as it was. */
    Values reloaded(Values next, String path, List<String> changed, List<String> needRestart) {
        Values merged = new Values(block, name, at);
        for (Key key : block.keys()) {
            String keyPath = path.isEmpty() ? key.name() : path + "." + key.name();
            Object before = counting(key);
            Object after = next.counting(key);
            Values source = key.reloadable() ? next : this;
            source.settings(key.name()).forEach(kept -> merged.set(key, kept.value(), kept.at()));
            if (!Objects.equals(before, after) && key.unused().isEmpty()) {
                if (key.reloadable()) {
                    changed.add(keyPath + " = "
                            + (after == null ? "none" : key.type().format(after)));
                } else {
                    needRestart.add(keyPath);
                }
            }
        }
        for (Block kind : block.blocks()) {
            String blockPath = path.isEmpty() ? kind.name() : path + "." + kind.name();
            if (kind.named()) {
                all(kind.name()).forEach(each -> merged.put(kind.name(), each));
                if (!described(all(kind.name())).equals(described(next.all(kind.name())))) {
                    needRestart.add(blockPath);
                }
            } else {
                merged.put(
                        kind.name(), one(kind.name()).reloaded(next.one(kind.name()), blockPath, changed, needRestart));
            }
        }
        return merged;
    }

    private static String described(List<Values> values) {
        StringBuilder text = new StringBuilder();
        values.forEach(each -> each.describe(text));
        return text.toString();
    }

    /** Everything that has a meaning here, in table order. */
    private void describe(StringBuilder text) {
        text.append(block.name()).append(' ').append(name).append(" {");
        for (Key key : block.keys()) {
            if (key.unused().isEmpty()) {
                text.append(key.name()).append(' ').append(counting(key)).append(';');
            }
        }
        for (Block kind : block.blocks()) {
            all(kind.name()).forEach(each -> each.describe(text));
        }
        text.append('}');
    }
}

package jdpvs.config.dpvs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdpvs.config.Location;
import org.jspecify.annotations.Nullable;

/** What one block of the file sets: the tree that records are made from. Mutable only while the file is evaluated. */
final class Values {
    final Block block;
    final String name;
    final Location at;
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final Map<String, List<Values>> blocks = new LinkedHashMap<>();

    Values(Block block, String name, Location at) {
        this.block = block;
        this.name = name;
        this.at = at;
    }

    void set(Key key, Object value) {
        if (key.repeated()) {
            List<Object> all = new ArrayList<>((List<?>) settings.getOrDefault(key.name(), List.of()));
            all.add(value);
            settings.put(key.name(), List.copyOf(all));
        } else {
            settings.put(key.name(), value);
        }
    }

    /** The block to fill: the one that is there already, or a new one. */
    Values open(Block kind, String blockName, Location where) {
        List<Values> known = blocks.computeIfAbsent(kind.name(), k -> new ArrayList<>());
        for (Values values : known) {
            if (values.name.equals(blockName)) {
                return values;
            }
        }
        Values values = new Values(kind, blockName, where);
        known.add(values);
        return values;
    }

    List<Values> all(String blockName) {
        return List.copyOf(blocks.getOrDefault(blockName, List.of()));
    }

    /** An unnamed block, an empty one when the file does not have it. */
    Values one(String blockName) {
        List<Values> known = blocks.getOrDefault(blockName, List.of());
        if (!known.isEmpty()) {
            return known.getFirst();
        }
        Block kind = block.block(blockName);
        if (kind == null) {
            throw new IllegalArgumentException("the table has no block " + blockName + " in " + block.name());
        }
        return new Values(kind, "", at);
    }

    /** As set, or the default. */
    @Nullable Object get(String keyName) {
        Object value = settings.get(keyName);
        if (value != null) {
            return value;
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

    int number(String keyName) {
        return get(keyName) instanceof Long number ? Math.toIntExact(number) : -1;
    }

    boolean flag(String keyName) {
        return Boolean.TRUE.equals(get(keyName));
    }

    @Nullable String text(String keyName) {
        return (String) get(keyName);
    }

    List<Integer> numbers(String keyName) {
        return get(keyName) instanceof List<?> list
                ? list.stream().map(Integer.class::cast).toList()
                : List.of();
    }

    List<String> texts(String keyName) {
        return get(keyName) instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }

    /** Of this file as a reload applies it: reloadable keys from the next, all else as it was. */
    Values reloaded(Values next, String path, List<String> changed, List<String> needRestart) {
        Values merged = new Values(block, name, at);
        for (Key key : block.keys()) {
            String keyPath = path.isEmpty() ? key.name() : path + "." + key.name();
            Object before = get(key.name());
            Object after = next.get(key.name());
            boolean same = before == null ? after == null : before.equals(after);
            Values source = key.reloadable() ? next : this;
            Object kept = source.settings.get(key.name());
            if (kept != null) {
                merged.settings.put(key.name(), kept);
            }
            if (!same && key.unused().isEmpty()) {
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
                merged.blocks.put(kind.name(), new ArrayList<>(all(kind.name())));
                if (!described(all(kind.name())).equals(described(next.all(kind.name())))) {
                    needRestart.add(blockPath);
                }
            } else {
                merged.blocks.put(
                        kind.name(),
                        new ArrayList<>(List.of(
                                one(kind.name()).reloaded(next.one(kind.name()), blockPath, changed, needRestart))));
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
                text.append(key.name()).append(' ').append(get(key.name())).append(';');
            }
        }
        for (Block kind : block.blocks()) {
            all(kind.name()).forEach(each -> each.describe(text));
        }
        text.append('}');
    }
}

package jdpvs.keepalived.configuration;

import java.util.List;
import jdpvs.config.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * One kind of block of the table.
 *
 * @param values what follows its keyword, empty = nothing
 * @param words how many words these are at least
 * @param repeated each occurrence adds; others merge
 * @param unused why it has no meaning here; empty = it has one
 * @param entry what its lines are that begin with no keyword; null = there are no such lines
 */
record Block(
        String name,
        String alias,
        String values,
        int words,
        boolean repeated,
        String unused,
        String about,
        @Nullable ValueType entry,
        List<Key> keys,
        List<Block> blocks) {

    static Block of(String name, String about, List<Key> keys, Block... blocks) {
        return new Block(name, "", "", 0, false, "", about, null, keys, List.of(blocks));
    }

    static Block named(String name, String values, String about, List<Key> keys, Block... blocks) {
        return new Block(name, "", values, 1, true, "", about, null, keys, List.of(blocks));
    }

    /** Of lines without keywords. */
    static Block list(String name, ValueType entry, String about) {
        return new Block(name, "", "", 0, false, "", about, entry, List.of(), List.of());
    }

    static Block unused(String name, String why) {
        return new Block(name, "", "", 0, false, why, "", null, List.of(), List.of());
    }

    Block named(String placeholder) {
        return new Block(name, alias, placeholder, 1, true, unused, about, entry, keys, blocks);
    }

    /** Each occurrence counts for itself, though it has no name. */
    Block repeat() {
        return new Block(name, alias, values, words, true, unused, about, entry, keys, blocks);
    }

    Block or(String other) {
        return new Block(name, other, values, words, repeated, unused, about, entry, keys, blocks);
    }

    @Nullable Key key(String keyword) {
        for (Key key : keys) {
            if (isCalled(keyword, key.name(), key.alias())) {
                return key;
            }
        }
        return null;
    }

    @Nullable Block block(String keyword) {
        for (Block block : blocks) {
            if (isCalled(keyword, block.name(), block.alias())) {
                return block;
            }
        }
        return null;
    }

    private static boolean isCalled(String keyword, String name, String alias) {
        return name.equals(keyword) || (!alias.isEmpty() && alias.equals(keyword));
    }

    boolean knows(String keyword) {
        return key(keyword) != null || block(keyword) != null;
    }
}

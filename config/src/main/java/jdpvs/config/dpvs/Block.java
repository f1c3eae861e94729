package jdpvs.config.dpvs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind of block of the table.
 *
 * @param named carries a name after its keyword, and each occurrence adds; others merge
 * @param module prefix of log lines about it
 * @param unused why it has no meaning here; empty = it has one
 */
record Block(String name, boolean named, String module, String unused, List<Key> keys, List<Block> blocks) {
    static Block of(String name, String module, List<Key> keys, Block... blocks) {
        return new Block(name, false, module, "", keys, List.of(blocks));
    }

    static Block named(String name, String module, List<Key> keys, Block... blocks) {
        return new Block(name, true, module, "", keys, List.of(blocks));
    }

    Block unused(String reason) {
        return new Block(
                name,
                named,
                module,
                reason,
                keys.stream().map(key -> key.unused(reason)).toList(),
                blocks.stream().map(block -> block.unused(reason)).toList());
    }

    @Nullable Key key(String keyword) {
        for (Key key : keys) {
            if (key.name().equals(keyword)) {
                return key;
            }
        }
        return null;
    }

    @Nullable Block block(String keyword) {
        for (Block block : blocks) {
            if (block.name().equals(keyword)) {
                return block;
            }
        }
        return null;
    }
}

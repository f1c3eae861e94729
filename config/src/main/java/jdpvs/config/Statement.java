package jdpvs.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Words of a file and, when a brace follows them, what the block holds.
 *
 * @param words the keyword and its values; at least one
 * @param children of a block, in the file's order; grows while the file is read
 */
public record Statement(List<String> words, Location at, boolean block, List<Statement> children) {
    public static Statement line(List<String> words, Location at) {
        return new Statement(List.copyOf(words), at, false, List.of());
    }

    public static Statement block(List<String> words, Location at) {
        return new Statement(List.copyOf(words), at, true, new ArrayList<>());
    }

    public String keyword() {
        return words.getFirst();
    }

    public List<String> values() {
        return words.subList(1, words.size());
    }

    /** The same block without its first words: several statements may share a line. */
    public Statement from(int word) {
        return new Statement(words.subList(word, words.size()), at, block, children);
    }
}

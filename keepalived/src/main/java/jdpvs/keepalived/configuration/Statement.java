package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.List;
import jdpvs.config.Location;

/**
 * Words of the file and, when a brace follows them, what the block holds.
 *
 * @param words the keyword and its values; at least one
 */
record Statement(List<String> words, Location at, boolean block, List<Statement> children) {
    static Statement line(List<String> words, Location at) {
        return new Statement(List.copyOf(words), at, false, List.of());
    }

    static Statement block(List<String> words, Location at) {
        return new Statement(List.copyOf(words), at, true, new ArrayList<>());
    }

    String keyword() {
        return words.getFirst();
    }

    List<String> values() {
        return words.subList(1, words.size());
    }

    /** The same block without its first words: several statements may share a line. */
    Statement from(int word) {
        return new Statement(words.subList(word, words.size()), at, block, children);
    }
}

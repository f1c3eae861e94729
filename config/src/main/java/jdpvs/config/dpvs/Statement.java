package jdpvs.config.dpvs;

import java.util.ArrayList;
import java.util.List;
import jdpvs.config.Location;

/**
 * One line of the file and, when it opens a block, what the block holds.
 *
 * @param words the keyword and its values
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
}

package jdpvs.config.dpvs;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits one line into tokens (facts: config §1): blanks separate, a double-quoted token may hold blanks, {@code !} or {@code #} at the start of a
 * token begins a comment, and a token in {@code <…>} is a remark, skipped up to its {@code >}.
 */
final class LineLexer {
    /** @param problem what is wrong with the line, empty when nothing */
    record Tokens(List<String> words, String problem) {}

    private LineLexer() {}

    static Tokens split(String line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (blank(c)) {
                at++;
            } else if (c == '!' || c == '#') {
                break;
            } else if (c == '<') {
                int end = line.indexOf('>', at);
                if (end < 0) {
                    return new Tokens(
                            words, "remark '" + line.substring(at) + "' has no '>', the rest of the line is skipped");
                }
                at = end + 1;
            } else if (c == '"') {
                int end = line.indexOf('"', at + 1);
                if (end < 0) {
                    words.add(line.substring(at + 1).strip());
                    return new Tokens(words, "quoted text has no closing '\"', it ends with the line");
                }
                words.add(line.substring(at + 1, end));
                at = end + 1;
            } else {
                int end = at;
                while (end < line.length() && !blank(line.charAt(end)) && line.charAt(end) != '"') {
                    end++;
                }
                addWord(words, line.substring(at, end));
                at = end;
            }
        }
        return new Tokens(words, "");
    }

    /** A brace that clings to its word opens a block all the same. */
    private static void addWord(List<String> words, String word) {
        if (word.length() > 1 && word.endsWith("{")) {
            words.add(word.substring(0, word.length() - 1));
            words.add("{");
        } else {
            words.add(word);
        }
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }
}

package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits one line into tokens (facts: config §9): blanks separate, a quoted text may hold blanks and escapes, {@code #} and {@code !} outside quotes begin a comment wherever they
 * stand, and a brace is a token of its own even when it clings to a word.
 */
final class LineLexer {
    /**
     * @param kind a word, or a brace
     * @param quoted whether it is no keyword such as include
     */
    record Token(Kind kind, String text, boolean quoted) {}

    enum Kind {
        WORD,
        OPEN,
        CLOSE
    }

    /** @param problem what is wrong with the line, empty when nothing */
    record Tokens(List<Token> tokens, String problem) {}

    private final String line;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private String problem = "";

    private LineLexer(String line) {
        this.line = line;
    }

    static Tokens split(String line) {
        return new LineLexer(line).all();
    }

    private Tokens all() {
        while (at < line.length()) {
            char c = line.charAt(at);
            if (blank(c)) {
                at++;
            } else if (comment(c)) {
                break;
            } else if (c == '"' || c == '\'') {
                tokens.add(new Token(Kind.WORD, quoted(c), true));
            } else {
                plain();
            }
        }
        return new Tokens(tokens, problem);
    }

    /** Where a comment begins, or the line's length. */
    static int commentAt(String line) {
        char quote = 0;
        boolean inWord = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (comment(c)) {
                return i;
            } else if (!inWord && (c == '"' || c == '\'')) {
                quote = c;
            } else {
                inWord = !blank(c);
            }
        }
        return line.length();
    }

    private void plain() {
        int from = at;
        while (at < line.length() && !blank(line.charAt(at)) && !comment(line.charAt(at))) {
            at++;
        }
        addWord(line.substring(from, at));
    }

    private void addWord(String text) {
        String word = text;
        while (word.startsWith("{") || word.startsWith("}")) {
            tokens.add(brace(word.charAt(0)));
            word = word.substring(1);
        }
        int end = word.length();
        // Braces in pairs belong to the word: ${NAME} without a definition, a{3} of a regular expression.
        if (word.endsWith("{") || (word.endsWith("}") && word.indexOf('{') < 0)) {
            while (end > 0 && (word.charAt(end - 1) == '{' || word.charAt(end - 1) == '}')) {
                end--;
            }
        }
        if (end > 0) {
            tokens.add(new Token(Kind.WORD, word.substring(0, end), false));
        }
        for (int i = end; i < word.length(); i++) {
            tokens.add(brace(word.charAt(i)));
        }
    }

    private static Token brace(char c) {
        return new Token(c == '{' ? Kind.OPEN : Kind.CLOSE, String.valueOf(c), false);
    }

    private String quoted(char quote) {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == quote) {
                return text.toString();
            }
            if (c == '\\' && at < line.length()) {
                escape(text);
            } else {
                text.append(c);
            }
        }
        problem = "quoted text has no closing " + quote + ", it ends with the line";
        return text.toString().strip();
    }

    private void escape(StringBuilder text) {
        char c = line.charAt(at++);
        switch (c) {
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 'e', 'E' -> text.append('\u001b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'v' -> text.append('\u000b');
            case 'x' -> number(text, 16, 2, 'x');
            case '0', '1', '2', '3' -> {
                at--;
                number(text, 8, 3, c);
            }
            // Nothing special: a backslash is kept before what needs none, as regular expressions have it.
            case '\\', '"', '\'', ' ', '#', '!', '$' -> text.append(c);
            default -> text.append('\\').append(c);
        }
    }

    private void number(StringBuilder text, int base, int longest, char letter) {
        int value = 0;
        int digits = 0;
        while (digits < longest && at < line.length() && Character.digit(line.charAt(at), base) >= 0) {
            value = value * base + Character.digit(line.charAt(at++), base);
            digits++;
        }
        if (digits == 0) {
            text.append('\\').append(letter);
        } else {
            text.append((char) value);
        }
    }

    /** Whether a comment after this character begins within a word. */
    static boolean withinWord(char before) {
        return !blank(before) && "{}\"'".indexOf(before) < 0;
    }

    static boolean blank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u000b';
    }

    private static boolean comment(char c) {
        return c == '#' || c == '!';
    }
}

package jdpvs.keepalived.configuration;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes words so that {@link LineLexer} reads the same ones. */
final class FlatText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,+*%=\\-][A-Za-z0-9_./:,+*%=@^\\-]*");

    private FlatText() {}

    static String line(List<String> words) {
        return words.stream().map(FlatText::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        if (PLAIN.matcher(word).matches() && !word.equals("include")) {
            return word;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (Character.isISOControl(c) || c == '$') {
                // A dollar would be taken for a definition, which is looked for in quotes too.
                quoted.append(String.format("\\x%02x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}

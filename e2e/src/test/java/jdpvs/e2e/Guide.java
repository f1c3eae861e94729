package jdpvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/guide tells to type and to write, so that a test does just that. */
final class Guide {
    private Guide() {}

    /**
     * The text between fences.
     *
     * @param name stands behind the opening fence, of one block of the file
     */
    static String block(String file, String name) {
        Matcher block;
        try {
            block = Pattern.compile("(?m)^```" + name + "\\n((?s:.*?))^```$")
                    .matcher(Files.readString(Shell.HOME.resolve("docs/guide").resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!block.find()) {
            throw new AssertionError("docs/guide/%s has no block '%s'".formatted(file, name));
        }
        return block.group(1);
    }
}

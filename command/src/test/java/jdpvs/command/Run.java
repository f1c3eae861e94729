package jdpvs.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import jdpvs.control.Control;

/** What a command did. */
record Run(int code, String out, String error) {
    /** @param line words apart by single blanks, the tool's name first */
    static Run command(Control control, String line) {
        return command(control, line, "");
    }

    static Run command(Control control, String line, String input) {
        List<String> words = Arrays.asList(line.split(" ", -1));
        return words(control, words.getFirst(), words.subList(1, words.size()), input);
    }

    static Run words(Control control, String tool, List<String> words, String input) {
        StringWriter out = new StringWriter();
        StringWriter error = new StringWriter();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int code = Objects.requireNonNull(Tools.named(tool))
                .run(
                        words,
                        new Console(
                                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                                bytes,
                                new PrintWriter(out),
                                new PrintWriter(error),
                                control));
        return new Run(code, out + bytes.toString(StandardCharsets.ISO_8859_1), error.toString());
    }
}

package jdpvs.keepalived.configuration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import jdpvs.config.SourceReader;
import jdpvs.config.Statement;
import jdpvs.config.StatementBuilder;

/** The lines of keepalived.conf: with conditions and definitions, of several statements or parts of one. */
final class KeepalivedReader extends SourceReader {
    private final String identity;
    private final Definitions definitions;

    KeepalivedReader(Messages messages, String identity) {
        super(messages);
        this.identity = identity;
        definitions = new Definitions(messages, identity);
    }

    @Override
    protected void statements(String text, Path file, List<Statement> into) {
        StatementBuilder builder = new StatementBuilder(into, messages);
        Path parent = file.toAbsolutePath().getParent();
        String directory = parent == null ? "/" : parent.toString();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            Location at = new Location(file.toString(), i + 1);
            Conditioned line = conditioned(uncommented(lines[i], at));
            Definitions.Begun begun = Definitions.begun(line.text());
            if (begun != null) {
                StringBuilder value = new StringBuilder(begun.text());
                while (value.length() > 0 && value.charAt(value.length() - 1) == '\\') {
                    value.setCharAt(value.length() - 1, '\n');
                    if (i + 1 < lines.length) {
                        i++;
                        value.append(uncommented(lines[i], new Location(file.toString(), i + 1))
                                .strip());
                    }
                }
                if (line.counts()) {
                    definitions.define(begun.name(), value.toString());
                }
            } else if (line.counts()) {
                for (String each : definitions.expand(line.text(), at, directory)) {
                    line(each, at, file, builder);
                }
            }
        }
        builder.end();
    }

    private String uncommented(String line, Location at) {
        int end = LineLexer.commentAt(line);
        if (end > 0 && end < line.length() && LineLexer.withinWord(line.charAt(end - 1))) {
            messages.warn(
                    at,
                    "'" + line.charAt(end)
                            + "' within a word begins a comment; put the word in quotes if it belongs to it");
        }
        return line.substring(0, end);
    }

    /** @param counts whether the condition holds */
    private record Conditioned(String text, boolean counts) {}

    /** Takes {@code @id} or {@code @^id} from the front. */
    private Conditioned conditioned(String line) {
        String stripped = line.strip();
        if (!stripped.startsWith("@")) {
            return new Conditioned(line, true);
        }
        int end = 0;
        while (end < stripped.length() && !LineLexer.blank(stripped.charAt(end))) {
            end++;
        }
        boolean not = stripped.startsWith("@^");
        boolean same = stripped.substring(not ? 2 : 1, end).equals(identity) && !identity.isEmpty();
        return new Conditioned(stripped.substring(end), same != not);
    }

    private void line(String line, Location at, Path file, StatementBuilder builder) {
        LineLexer.Tokens tokens = LineLexer.split(line);
        if (!tokens.problem().isEmpty()) {
            messages.warn(at, tokens.problem());
        }
        List<LineLexer.Token> list = tokens.tokens();
        if (list.isEmpty()
                || list.getFirst().quoted()
                || !list.getFirst().text().equals("include")) {
            statements(list, at, builder);
        } else if (list.size() < 2) {
            messages.error(at, "include is missing a parameter: a file name or pattern must follow");
        } else {
            include(list.get(1).text(), at, file, builder.current());
        }
    }

    /** A line ends a statement; so does a brace, before or after it. */
    private static void statements(List<LineLexer.Token> tokens, Location at, StatementBuilder builder) {
        List<String> words = new ArrayList<>();
        for (LineLexer.Token token : tokens) {
            switch (token.kind()) {
                case WORD -> words.add(token.text());
                case OPEN -> {
                    builder.open(words, at);
                    words.clear();
                }
                case CLOSE -> {
                    builder.line(words, at);
                    builder.close(at);
                    words.clear();
                }
            }
        }
        builder.line(words, at);
    }
}

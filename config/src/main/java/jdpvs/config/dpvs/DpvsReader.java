package jdpvs.config.dpvs;

import java.nio.file.Path;
import java.util.List;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import jdpvs.config.SourceReader;
import jdpvs.config.Statement;
import jdpvs.config.StatementBuilder;

/** The lines of dpvs.conf: one statement each. */
final class DpvsReader extends SourceReader {
    static final String MODULE = "CFG_FILE";

    DpvsReader(Messages messages) {
        super(messages);
    }

    @Override
    protected void opened(Path file) {
        messages.notice(new Location(file.toString(), 0), "Opening configuration file '" + file + "'.");
    }

    @Override
    protected void statements(String text, Path file, List<Statement> into) {
        StatementBuilder builder = new StatementBuilder(into, messages);
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            Location at = new Location(file.toString(), number);
            LineLexer.Tokens tokens = LineLexer.split(Messages.printable(line));
            if (!tokens.problem().isEmpty()) {
                messages.warn(at, tokens.problem());
            }
            List<String> words = tokens.words();
            if (words.isEmpty()) {
                continue;
            }
            if (words.getFirst().startsWith("}")) {
                builder.close(at);
                if (words.size() > 1 || words.getFirst().length() > 1) {
                    messages.warn(at, "one statement per line: what follows '}' is ignored");
                }
            } else if (words.getFirst().equals("{")) {
                if (words.size() > 1) {
                    messages.warn(at, "one statement per line: what follows '{' is ignored");
                }
                builder.open(List.of(), at);
            } else if (words.getFirst().equals("include")) {
                if (words.size() < 2) {
                    messages.warn(at, "include needs a file name or pattern, ignored");
                } else {
                    include(words.get(1), at, file, builder.current());
                }
            } else {
                add(at, words, builder);
            }
        }
        builder.end();
    }

    private void add(Location at, List<String> words, StatementBuilder builder) {
        int brace = words.indexOf("{");
        if (brace < 0) {
            builder.line(words, at);
            return;
        }
        builder.open(words.subList(0, brace), at);
        // Not DPVS's grammar, but what is meant is plain: a block of one statement on one line.
        List<String> rest = words.subList(brace + 1, words.size());
        boolean closed = !rest.isEmpty() && rest.getLast().equals("}");
        List<String> inner = closed ? rest.subList(0, rest.size() - 1) : rest;
        if (inner.contains("{")) {
            messages.warn(at, "one statement per line: " + Messages.quote(String.join(" ", inner)) + " is ignored");
        } else {
            builder.line(inner, at);
        }
        if (closed) {
            builder.close(at);
        }
    }
}

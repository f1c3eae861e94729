package jdpvs.keepalived.configuration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import jdpvs.config.Location;

/** Puts the tokens of one file's lines together to statements. */
final class StatementBuilder {
    private final List<Statement> into;
    private final Messages messages;
    private final Deque<Statement> blocks = new ArrayDeque<>();

    StatementBuilder(List<Statement> into, Messages messages) {
        this.into = into;
        this.messages = messages;
    }

    /** Where the next statement goes. */
    List<Statement> current() {
        return blocks.isEmpty() ? into : blocks.getLast().children();
    }

    /** A line ends a statement; so does a brace, before or after it. */
    void line(List<LineLexer.Token> tokens, Location at) {
        List<String> words = new ArrayList<>();
        for (LineLexer.Token token : tokens) {
            switch (token.kind()) {
                case WORD -> words.add(token.text());
                case OPEN -> {
                    open(words, at);
                    words.clear();
                }
                case CLOSE -> {
                    finish(words, at);
                    words.clear();
                    if (blocks.isEmpty()) {
                        messages.warn(at, "'}' closes nothing, ignored");
                    } else {
                        blocks.removeLast();
                    }
                }
            }
        }
        finish(words, at);
    }

    private void finish(List<String> words, Location at) {
        if (!words.isEmpty()) {
            current().add(Statement.line(words, at));
        }
    }

    private void open(List<String> words, Location at) {
        List<Statement> current = current();
        Statement block;
        if (!words.isEmpty()) {
            block = Statement.block(words, at);
        } else if (!current.isEmpty() && !current.getLast().block()) {
            // A brace on a line of its own opens the block of the line before.
            Statement before = current.removeLast();
            block = Statement.block(before.words(), before.at());
        } else {
            messages.warn(at, "'{' without a keyword, its block is ignored");
            blocks.addLast(Statement.block(List.of("{"), at));
            return;
        }
        current.add(block);
        blocks.addLast(block);
    }

    void end() {
        for (Statement block : blocks) {
            messages.error(
                    block.at(),
                    "block " + Messages.quote(block.keyword()) + " has no closing '}', it ends with the file");
        }
    }
}

package jdpvs.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Puts the words and braces of one file's lines together to statements. */
public final class StatementBuilder {
    private final List<Statement> into;
    private final Messages messages;
    private final Deque<Statement> blocks = new ArrayDeque<>();

    public StatementBuilder(List<Statement> into, Messages messages) {
        this.into = into;
        this.messages = messages;
    }

    /** Where the next statement goes. */
    public List<Statement> current() {
        return blocks.isEmpty() ? into : blocks.getLast().children();
    }

    /** @param words none = no statement */
    public void line(List<String> words, Location at) {
        if (!words.isEmpty()) {
            current().add(Statement.line(words, at));
        }
    }

    /** @param words before the brace; none = it opens the block of the line before */
    public void open(List<String> words, Location at) {
        List<Statement> current = current();
        Statement block;
        if (!words.isEmpty()) {
            block = Statement.block(words, at);
        } else if (!current.isEmpty() && !current.getLast().block()) {
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

    public void close(Location at) {
        if (blocks.isEmpty()) {
            messages.warn(at, "'}' closes nothing, ignored");
        } else {
            blocks.removeLast();
        }
    }

    /** The file ends. */
    public void end() {
        for (Statement block : blocks) {
            messages.leaveOut(
                    block.at(),
                    "block " + Messages.quote(block.keyword()) + " has no closing '}', it ends with the file");
        }
    }
}

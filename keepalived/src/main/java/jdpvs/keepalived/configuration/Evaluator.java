package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import jdpvs.config.Statement;
import jdpvs.config.ValueType;

/** Holds the statements against the table; what is not in it, or has no such value, is named and skipped. */
final class Evaluator {
    private final Messages messages;

    private Evaluator(Messages messages) {
        this.messages = messages;
    }

    static Node evaluate(List<Statement> statements, Location file, Messages messages) {
        Node root = new Node(KeyTable.ROOT, List.of(), file);
        new Evaluator(messages).evaluate(statements, root);
        return root;
    }

    private void evaluate(List<Statement> statements, Node into) {
        for (Statement statement : statements) {
            int from = 0;
            // Several statements may share a line.
            while (from >= 0 && from < statement.words().size()) {
                int used = evaluate(from == 0 ? statement : statement.from(from), into);
                from = used < 0 ? -1 : from + used;
            }
        }
    }

    /** @return how many words were taken; negative when none is left to look at */
    private int evaluate(Statement statement, Node into) {
        Block block = into.block;
        Key key = block.key(statement.keyword());
        if (key != null) {
            return key(key, statement, into);
        }
        Block inner = block.block(statement.keyword());
        if (inner != null) {
            block(inner, statement, into);
            return -1;
        }
        ValueType entry = block.entry();
        if (entry != null) {
            return entry(entry, statement, into);
        }
        messages.warn(
                statement.at(),
                "Unknown keyword " + Messages.quote(statement.keyword())
                        + (statement.block() ? ", its block is skipped" : ", the line is ignored"));
        return -1;
    }

    private int key(Key key, Statement statement, Node into) {
        List<String> words = statement.values();
        ValueType.Reading reading = key.type().read(words, into.block::knows);
        int used = reading.used();
        if (!key.unused().isEmpty()) {
            messages.noticeOnce(key.name(), statement.at(), key.name() + " has no effect here: " + key.unused());
        } else if (reading.value() == null) {
            complain(key, statement, reading);
            return -1;
        } else {
            if (!reading.remark().isEmpty()) {
                messages.warn(
                        statement.at(),
                        key.name() + " " + Messages.quote(String.join(" ", words.subList(0, used))) + " "
                                + reading.remark());
            }
            if (into.isSet(key.name()) && !key.repeated()) {
                messages.notice(
                        statement.at(),
                        key.name() + " stands in line " + into.place(key.name()).line()
                                + " already, the last one counts");
            }
            List<String> line = new ArrayList<>();
            line.add(key.name());
            line.addAll(words.subList(0, used));
            into.set(key, reading.value(), line, statement.at());
        }
        if (used < words.size()) {
            if (into.block.knows(words.get(used))) {
                return used + 1;
            }
            messages.warn(
                    statement.at(),
                    Messages.quote(String.join(" ", words.subList(used, words.size()))) + " after " + key.name()
                            + " is ignored");
        }
        if (statement.block()) {
            messages.warn(statement.at(), key.name() + " has no block, what is in { } after it is skipped");
        }
        return -1;
    }

    private void complain(Key key, Statement statement, ValueType.Reading reading) {
        String instead = key.defaultText().isEmpty() ? "the line is ignored" : key.defaultText() + " is used";
        if (statement.values().isEmpty()) {
            messages.error(
                    statement.at(),
                    key.name() + " is missing a parameter: " + key.type().allowed() + "; " + instead);
            return;
        }
        String why = reading.remark().isEmpty() ? "must be " + key.type().allowed() : reading.remark();
        messages.warn(
                statement.at(),
                key.name() + " " + Messages.quote(String.join(" ", statement.values())) + ": " + why + "; " + instead);
    }

    private int entry(ValueType type, Statement statement, Node into) {
        Predicate<String> none = word -> false;
        ValueType.Reading reading = type.read(statement.words(), none);
        if (reading.value() == null) {
            String why = reading.remark().isEmpty() ? "must be " + type.allowed() : reading.remark();
            messages.error(
                    statement.at(),
                    into.block.name() + ": " + Messages.quote(String.join(" ", statement.words())) + ": " + why
                            + "; it is left out");
            return -1;
        }
        if (!reading.remark().isEmpty()) {
            messages.warn(statement.at(), into.block.name() + ": " + reading.remark());
        }
        if (statement.block() && reading.used() == statement.words().size()) {
            messages.warn(
                    statement.at(),
                    Messages.quote(statement.keyword()) + " has no block, what is in { } after it is skipped");
        }
        into.add(reading.value(), statement.words().subList(0, reading.used()), statement.at());
        return Math.max(1, reading.used());
    }

    private void block(Block inner, Statement statement, Node into) {
        if (!inner.unused().isEmpty()) {
            messages.noticeOnce(inner.name(), statement.at(), inner.name() + " has no effect here: " + inner.unused());
            return;
        }
        List<String> words = statement.values();
        if (words.size() < inner.words()) {
            messages.error(
                    statement.at(),
                    inner.name() + " is missing a parameter: " + inner.values() + "; its block is left out");
            return;
        }
        if (!statement.block()) {
            messages.error(statement.at(), inner.name() + " must be followed by a block in { }; the line is ignored");
            return;
        }
        if (inner.values().isEmpty() && !words.isEmpty()) {
            messages.warn(
                    statement.at(),
                    Messages.quote(String.join(" ", words)) + " between " + inner.name() + " and '{' is ignored");
            words = List.of();
        }
        evaluate(statement.children(), into.open(inner, words, statement.at()));
    }
}

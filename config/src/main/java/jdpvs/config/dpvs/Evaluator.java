package jdpvs.config.dpvs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import jdpvs.config.Severity;
import jdpvs.config.Statement;
import jdpvs.config.ValueType;

/** Holds the statements of a file against the table: echoes what is accepted, says what is not. */
final class Evaluator {
    private final Messages messages;

    /** Keys that are set and have no meaning here, with their first place. */
    private final Map<String, Location> unused = new LinkedHashMap<>();

    Evaluator(Messages messages) {
        this.messages = messages;
    }

    Values evaluate(List<Statement> statements, Location file) {
        Values root = new Values(KeyTable.ROOT, "", file);
        fill(root, statements, "", "");
        if (!unused.isEmpty()) {
            messages.notice(
                    unused.values().iterator().next(),
                    "no meaning here, ignored (docs/reference/dpvs.conf.md says why): "
                            + String.join(", ", unused.keySet()));
        }
        return root;
    }

    /**
     * @param path of the block, for the list of keys without a meaning
     * @param subject what echoes begin with, for example {@code dpdk0:rx_}
     */
    private void fill(Values values, List<Statement> statements, String path, String subject) {
        for (Statement statement : statements) {
            Block kind = values.block.block(statement.keyword());
            Key key = values.block.key(statement.keyword());
            String at = path.isEmpty() ? statement.keyword() : path + "." + statement.keyword();
            if (statement.block() && kind != null) {
                enter(values, kind, statement, at, subject);
            } else if (!statement.block() && key != null) {
                assign(values, key, statement, at, subject);
            } else if (kind != null) {
                warn(
                        values,
                        statement,
                        "'" + statement.keyword() + "' is a block: write '" + statement.keyword()
                                + (kind.named() ? " NAME {'" : " {'") + ", ignored");
            } else if (key != null) {
                warn(values, statement, "'" + statement.keyword() + "' is not a block, ignored with all it holds");
            } else {
                warn(values, statement, "not supported keyword -- " + Messages.shortened(statement.keyword()));
            }
        }
    }

    private void enter(Values values, Block kind, Statement statement, String path, String subject) {
        List<String> words = statement.values();
        String name = "";
        if (kind.named()) {
            if (words.isEmpty() || words.getFirst().isEmpty()) {
                warn(values, statement, "'" + kind.name() + "' needs a name, ignored with all it holds");
                return;
            }
            name = words.getFirst();
            if (name.length() > DeviceKeys.NAME_LENGTH) {
                warn(
                        values,
                        statement,
                        "invalid name " + Messages.shortened(name) + " of " + kind.name() + ", longer than "
                                + DeviceKeys.NAME_LENGTH + " characters, ignored with all it holds");
                return;
            }
        }
        if (words.size() > (kind.named() ? 1 : 0)) {
            extra(values, statement, words.subList(kind.named() ? 1 : 0, words.size()));
        }
        Values opened = values.open(kind, name, statement.at());
        if (kind.named() && !opened.at.equals(statement.at())) {
            warn(
                    values,
                    statement,
                    kind.name() + " " + name + " is there already (line " + opened.at.line() + "), later values win");
        }
        fill(opened, statement.children(), path, subject(kind, name, subject));
    }

    private static String subject(Block kind, String name, String subject) {
        return switch (kind.name()) {
            case "device", "bonding" -> name + ":";
            case "rx", "tx" -> subject + kind.name() + "_";
            case "worker" -> "worker " + name + ":";
            case "port" -> subject + name + " ";
            default -> "";
        };
    }

    private void assign(Values values, Key key, Statement statement, String path, String subject) {
        ValueType.Reading reading = key.type().read(statement.values(), word -> false);
        Object value = reading.value();
        if (value == null) {
            invalid(values, key, statement);
            value = key.substitute();
            if (value == null || key.repeated()) {
                return;
            }
            values.set(key, value, statement.at());
            return;
        }
        values.set(key, value, statement.at());
        if (!reading.remark().isEmpty()) {
            messages.add(
                    value instanceof Long ? Severity.NOTICE : Severity.WARNING,
                    values.block.module(),
                    statement.at(),
                    subject + key.name() + " " + Messages.shortened(reading.remark()));
        }
        if (statement.values().size() > reading.used()) {
            extra(
                    values,
                    statement,
                    statement
                            .values()
                            .subList(reading.used(), statement.values().size()));
        }
        if (!key.unused().isEmpty()) {
            unused.putIfAbsent(path, statement.at());
        }
        echo(values, key, value, statement.at(), subject);
    }

    private void echo(Values values, Key key, Object value, Location at, String subject) {
        if (key.name().endsWith("_queue_ids")) {
            for (Object id : (List<?>) value) {
                String name = key.name().substring(0, key.name().length() - 1);
                messages.add(Severity.INFO, values.block.module(), at, subject + name + " += " + id);
            }
        } else {
            String operator = key.repeated() ? " += " : " = ";
            messages.add(
                    Severity.INFO,
                    values.block.module(),
                    at,
                    subject + key.name() + operator + key.type().format(value));
        }
    }

    private void invalid(Values values, Key key, Statement statement) {
        String given = Messages.shortened(String.join(" ", statement.values()));
        if (key.name().equals("log_level")) {
            warn(values, statement, "illegal log level: " + given);
            return;
        }
        if (key.name().equals("port")) {
            // Falling back to another interface than the one meant could cut the machine off.
            messages.add(
                    Severity.ERROR,
                    values.block.module(),
                    statement.at(),
                    "device " + values.name + ": invalid port " + given + "; write "
                            + key.type().allowed());
            return;
        }
        if (key.type() instanceof DpvsType.Numbered) {
            // A bond that works otherwise than its switch expects loses or doubles frames.
            messages.add(
                    Severity.ERROR,
                    values.block.module(),
                    statement.at(),
                    values.block.name() + " " + values.name + ": invalid " + key.name() + " "
                            + BondingModes.refusal(given.isEmpty() ? "(no value)" : given));
            return;
        }
        Object used = key.substitute();
        warn(
                values,
                statement,
                "invalid " + key.name() + " " + (given.isEmpty() ? "(no value)" : given)
                        + (used == null
                                ? ", ignored; allowed: " + key.type().allowed()
                                : ", using default " + key.type().format(used)));
    }

    private void extra(Values values, Statement statement, List<String> words) {
        warn(
                values,
                statement,
                "one statement per line: '" + Messages.shortened(String.join(" ", words)) + "' after "
                        + Messages.shortened(statement.keyword()) + " is ignored");
    }

    private void warn(Values values, Statement statement, String text) {
        messages.add(Severity.WARNING, values.block.module(), statement.at(), text);
    }
}

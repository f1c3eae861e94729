package jdpvs.keepalived.configuration;

/** Writes docs/reference/keepalived.conf.md from the table; a test holds the page to it. */
final class ReferencePage {
    private static final String HEAD = """
            # keepalived.conf

            This page is made from the table that the parser uses; `ReferencePageTest` writes it anew when run with
            `-Dtest.arguments=-Djdpvs.write=true`. `keepalived -t FILE` says what is wrong with a file, line by line.

            A statement is a keyword and its values, on one line; a block is `KEYWORD [VALUES] {` … `}`, and the `{` may stand on the next line.
            `#` or `!` outside quotes begins a comment, `"…"` and `'…'` may hold blanks and escapes (`\\n`, `\\"`, `\\x41`, `\\101`).
            `include PATTERN` reads other files, relative to the including one. A line that begins with `@NAME` counts only with `-i NAME`, one
            with `@^NAME` only without. `$NAME=TEXT` defines what `${NAME}` or `$NAME` stands for (a `\\` at the end of the line goes on in the next
            one), `~SEQ(NAME, FIRST, STEP, LAST) LINE` repeats a line with `$NAME` set; `${_PWD}` is the file's directory, `${_INSTANCE}` what `-i`
            says, `${_RANDOM FIRST LAST}` a number.

            Repeating a key: the last wins. Repeating a block that has a name, a check or a `url` adds; others go on. An unknown keyword is named
            and skipped with its block, an invalid value is named and the default used. What cannot be (a service without servers, an instance
            without addresses) is left out with an error; the rest counts. Times are in seconds and may have decimals.

            A reload (`SIGHUP`) applies every key; what did not change goes on undisturbed, and `keepalived --diff FILE` says beforehand what would
            change. Keys **without effect** are accepted, and named once in the log.
            """;

    private ReferencePage() {}

    static String text() {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("\n## Outside of blocks\n");
        keys(page, KeyTable.ROOT);
        for (Block block : KeyTable.ROOT.blocks()) {
            if (block.unused().isEmpty()) {
                page.append("\n## ").append(title(block)).append('\n');
                write(page, block, block.name() + " · ");
            }
        }
        return page.toString();
    }

    private static String title(Block block) {
        return block.name()
                + (block.values().isEmpty() ? "" : " " + block.values())
                + (block.alias().isEmpty() ? "" : " (or " + block.alias() + ")");
    }

    private static void write(StringBuilder page, Block block, String path) {
        page.append('\n').append(escaped(block.about())).append('\n');
        if (block.entry() != null) {
            page.append("\nLines: ").append(escaped(block.entry().allowed())).append(".\n");
        }
        keys(page, block);
        for (Block inner : block.blocks()) {
            if (inner.unused().isEmpty()) {
                page.append("\n### ").append(path).append(title(inner)).append('\n');
                write(page, inner, path + inner.name() + " · ");
            }
        }
    }

    private static void keys(StringBuilder page, Block block) {
        if (block.keys().stream().anyMatch(key -> key.unused().isEmpty())) {
            page.append("\n| key | values | default | meaning |\n|---|---|---|---|\n");
            block.keys().stream().filter(key -> key.unused().isEmpty()).forEach(key -> row(page, key));
        }
        StringBuilder without = new StringBuilder();
        block.keys().stream()
                .filter(key -> !key.unused().isEmpty())
                .forEach(key -> without(without, key.name(), key.unused()));
        block.blocks().stream()
                .filter(inner -> !inner.unused().isEmpty())
                .forEach(inner -> without(without, inner.name() + " { }", inner.unused()));
        if (!without.isEmpty()) {
            page.append("\nWithout effect:\n\n").append(without);
        }
    }

    private static void without(StringBuilder page, String name, String why) {
        page.append("- `").append(name).append("`: ").append(why).append(".\n");
    }

    private static void row(StringBuilder page, Key key) {
        page.append("| `")
                .append(key.name())
                .append('`')
                .append(key.alias().isEmpty() ? "" : ", `" + key.alias() + "`")
                .append(" | ")
                .append(escaped(key.type().allowed()))
                .append(" | ")
                .append(escaped(key.defaultText()))
                .append(" | ")
                .append(escaped(key.about()))
                .append(" |\n");
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|");
    }
}

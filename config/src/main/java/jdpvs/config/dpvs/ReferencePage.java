package jdpvs.config.dpvs;

import org.jspecify.annotations.Nullable;

/** Writes docs/reference/dpvs.conf.md from the table; a test holds the page to it. */
final class ReferencePage {
    private static final String HEAD = """
            # dpvs.conf

            This page is made from the table that the parser uses; `ReferencePageTest` writes it anew when run with
            `-Dtest.arguments=-Djdpvs.write=true`.

            One statement per line; a block is `KEYWORD [NAME] {` … `}`. `!` or `#` begins a comment, a token in `<…>` is a remark and is
            skipped (`<init>` too), `"…"` may hold blanks, `include PATTERN` reads other files, relative to the including one. Repeating a
            key: the last wins; repeating `device`, `bonding`, `worker`, `port` and `slave` adds. An unknown keyword is named and ignored, an
            invalid value is named and the default used. *Flag* keys take no value: their presence switches them on. `2^n` values are
            lowered to the next such number.

            **Reload** keys follow the file at `SIGHUP`, where a line taken out of the file means the default; the others count at the start
            only, and a reload names those that differ. **Ignored here** keys are accepted and checked, have no effect, and are named once in
            the log.
            """;

    private ReferencePage() {}

    static String text() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Block block : KeyTable.ROOT.blocks()) {
            page.append("\n## ").append(block.name()).append("\n");
            write(page, block, "");
        }
        return page.toString();
    }

    private static void write(StringBuilder page, Block block, String path) {
        if (!path.isEmpty()) {
            page.append("\n### ")
                    .append(path)
                    .append(block.name())
                    .append(block.named() ? " NAME" : "")
                    .append("\n");
        }
        if (!block.keys().isEmpty()) {
            page.append("\n| key | values | default | reload | meaning |\n|---|---|---|---|---|\n");
            block.keys().forEach(key -> row(page, key));
        }
        for (Block inner : block.blocks()) {
            write(page, inner, path + block.name() + " · ");
        }
    }

    private static void row(StringBuilder page, Key key) {
        page.append("| `")
                .append(key.name())
                .append("` | ")
                .append(escaped(key.type().allowed()))
                .append(key.repeated() ? ", repeated" : "")
                .append(" | ")
                .append(escaped(defaultText(key)))
                .append(" | ")
                .append(key.reloadable() ? "yes" : "start")
                .append(" | ")
                .append(escaped(key.about()));
        if (!key.unused().isEmpty()) {
            page.append(" **Ignored here**: ").append(escaped(key.unused())).append('.');
        }
        page.append(" |\n");
    }

    private static String defaultText(Key key) {
        @Nullable Object value = key.defaultValue();
        return value == null ? "none" : key.type().format(value);
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|");
    }
}

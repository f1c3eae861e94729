package jdpvs.command.dpip;

import java.io.PrintWriter;
import jdpvs.command.Columns;

/** A row of headings above a row of values, indented by four, every cell padded, the last one too. */
final class Rows {
    private Rows() {}

    static void print(PrintWriter out, int width, String headings, Object... values) {
        StringBuilder text = new StringBuilder(256).append("    ");
        for (String heading : headings.split(" ", -1)) {
            Columns.left(text, heading, width);
        }
        text.append("\n    ");
        for (Object value : values) {
            Columns.left(text, value.toString(), width);
        }
        out.append(text.append('\n'));
    }
}

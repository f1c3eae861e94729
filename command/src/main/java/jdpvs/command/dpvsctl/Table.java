package jdpvs.command.dpvsctl;

import java.util.List;

/** Aligned columns, two blanks apart, as wide as their widest cell. */
final class Table {
    private Table() {}

    /** @param textColumns how many columns from the left are text and left-justified; numbers stand right */
    static void append(StringBuilder text, List<List<String>> rows, int textColumns) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                String pad = " ".repeat(widths[i] - cell.length());
                boolean last = i == widths.length - 1;
                text.append(i == 0 ? "" : "  ");
                text.append(i < textColumns ? cell + (last ? "" : pad) : pad + cell);
            }
            text.append('\n');
        }
    }
}

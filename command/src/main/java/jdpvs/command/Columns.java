package jdpvs.command;

/** Cells of listings, as C's {@code %-Ns} and {@code %Nu} make them: padded, never cut. */
public final class Columns {
    private Columns() {}

    /** Left-justified: {@code %-Ns}. */
    public static StringBuilder left(StringBuilder line, String text, int width) {
        line.append(text);
        return pad(line, width - text.length());
    }

    public static StringBuilder left(StringBuilder line, long number, int width) {
        return left(line, Long.toString(number), width);
    }

    /** Right-justified: {@code %Nu}. */
    public static StringBuilder right(StringBuilder line, String text, int width) {
        return pad(line, width - text.length()).append(text);
    }

    public static StringBuilder right(StringBuilder line, long number, int width) {
        return right(line, Long.toString(number), width);
    }

    private static StringBuilder pad(StringBuilder line, int blanks) {
        for (int i = 0; i < blanks; i++) {
            line.append(' ');
        }
        return line;
    }
}

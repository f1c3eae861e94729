package jdpvs.command.ipvsadm;

import jdpvs.command.Columns;

/** A number in nine columns: in full below 10^8, then in thousands (K), millions (M), milliards (G) or 10^12 (T). */
final class LargeNumber {
    private static final long K = 1_000;
    private static final long M = 1_000_000;
    private static final long G = 1_000_000_000;
    private static final long T = 1_000_000_000_000L;

    private LargeNumber() {}

    /** @param exact all digits, at least one blank before them */
    static void append(StringBuilder text, long number, boolean exact) {
        if (exact) {
            String digits = Long.toString(number);
            Columns.right(text, digits, Math.max(9, digits.length() + 1));
        } else if (number < 100 * M) {
            Columns.right(text, number, 9);
        } else if (number < G) {
            Columns.right(text, number / K, 8).append('K');
        } else if (number < 100 * G) {
            Columns.right(text, number / M, 8).append('M');
        } else if (number < 100 * T) {
            Columns.right(text, number / G, 8).append('G');
        } else {
            Columns.right(text, number / T, 8).append('T');
        }
    }
}

package jdpvs.command;

/** Decimal numbers of command lines: digits only, no sign, no blanks. */
public final class Numbers {
    private Numbers() {}

    /** The number, or -1 when the text is none or it lies outside of the (non-negative) bounds. */
    public static int parse(String text, int lowest, int highest) {
        if (text.isEmpty() || text.length() > 10) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + (digit - '0');
        }
        return number < lowest || number > highest ? -1 : (int) number;
    }
}

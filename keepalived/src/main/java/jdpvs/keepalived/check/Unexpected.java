package jdpvs.keepalived.check;

import java.io.IOException;

/** A server answered, but not what a check wants; the message is the reason of the failure. */
final class Unexpected extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int QUOTED = 60;

    Unexpected(String reason) {
        super(reason);
    }

    /** What a server said, fit for a log line: short and printable. */
    static String quote(String said) {
        StringBuilder text = new StringBuilder("'");
        for (int i = 0; i < Math.min(said.length(), QUOTED); i++) {
            char c = said.charAt(i);
            text.append(c >= ' ' && c < 0x7f ? c : '.');
        }
        return text.append(said.length() > QUOTED ? "...'" : "'").toString();
    }
}

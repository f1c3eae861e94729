package jdpvs.toa.program;

import java.nio.charset.StandardCharsets;

/** Whatever stands behind --trust: a prefix that prints as what it is, or a sentence. */
public class PrefixFuzz {
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        Prefix prefix;
        try {
            prefix = Prefix.parse(text);
        } catch (IllegalArgumentException e) {
            if (e.getMessage() == null || !e.getMessage().startsWith("'" + text + "' ")) {
                throw new IllegalStateException("no sentence about '" + text + "'", e);
            }
            return;
        }
        if (!Prefix.parse(prefix.toString()).equals(prefix)
                || !prefix.address().network(prefix.length()).equals(prefix.address())) {
            throw new IllegalStateException(text + " became " + prefix);
        }
    }
}
